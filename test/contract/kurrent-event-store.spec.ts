import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import { eventStoreContract } from './event-store.contract.js';
import type { OpenStore } from './sample-appends.js';

const realServer = process.env.EVENT_STORE_TEST_URL;
const capabilities = { densePositions: false };
/** The contract says nothing of time: a busy machine must not turn an answer into an unknown outcome. */
const patient = { deadlineMs: 20_000 };

const openInProcess: OpenStore = async () => {
  const server = await InProcessServer.start();
  const store = openKurrentEventStore(server.url, patient);
  return {
    store,
    dispose: async () => {
      await store.close();
      await server.stop();
    },
  };
};

const absent = realServer ? '' : '; EVENT_STORE_TEST_URL is not set, so no real server was asked';
eventStoreContract(`KurrentDB, the server of this process${absent}`, openInProcess, capabilities);

if (realServer) {
  eventStoreContract(`KurrentDB, the real server of EVENT_STORE_TEST_URL`, async () => {
    const store = openKurrentEventStore(realServer, patient);
    return { store, dispose: () => store.close() };
  }, capabilities);
}
