// A worker over KurrentDB as a process of its own, for a test that kills it.
// Usage: kurrent-batch-worker-process.ts DATABASE_URL EVENT_STORE_URL LINES_PER_CHUNK
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { BatchTreasury } from '../batches/batch-treasury.js';

const [databaseUrl, eventStoreUrl, linesPerChunk] = process.argv.slice(2);
const store = openKurrentEventStore(eventStoreUrl, { deadlineMs: 20_000 });
new BatchTreasury(databaseUrl, { store, linesPerChunk: Number(linesPerChunk) }).work();
