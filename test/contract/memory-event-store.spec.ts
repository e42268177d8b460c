import { MemoryEventStore } from '../../src/infrastructure/event-store/memory/memory-event-store.js';
import { eventStoreContract } from './event-store.contract.js';

eventStoreContract('in memory', async () => {
  const store = new MemoryEventStore();
  return { store, dispose: () => store.close() };
}, { densePositions: true });
