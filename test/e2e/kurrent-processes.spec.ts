import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../../src/app.module.js';
import { openParts } from '../../src/app.module.js';
import { freePort } from '../../src/infrastructure/embedded-postgres/server.js';
import { kurrentDefaults } from '../../src/infrastructure/event-store/kurrent/options.js';
import { createLogger } from '../../src/infrastructure/logging.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import { projections } from '../../src/projections/projections.js';
import type { TestDatabase } from '../support/database.js';
import { createEmptyTestDatabase } from '../support/database.js';
import type { Place } from '../support/kurrent/places.js';
import { kindsOfPlaces } from '../support/kurrent/places.js';
import { Checkout } from './checkout.js';
import { RetryingClients } from './support/retrying-clients.js';
import type { Role } from './support/service-process.js';
import { ServiceProcess } from './support/service-process.js';

const roles: readonly Role[] = ['api', 'projector', 'worker'];
/** Half a minute on a machine with nothing else to do. */
const specMs = 400_000;
/** Long enough that a kill hits work under way and its retries. */
const betweenKillsMs = 800;
const masterKey = randomBytes(32).toString('base64');

// A log belongs to one database: a real server that remembers earlier runs would be refused.
const places = kindsOfPlaces('kurrent-processes').filter(({ canBeSpoilt }) => canBeSpoilt);

describe.each(places)('one process of each role over $name', ({ open }) => {
  let place: Place;
  let database: TestDatabase;
  let checkout: Checkout;
  let parts: Parts;
  let processes: ServiceProcess[];
  let url: string;

  const named = (role: Role): ServiceProcess => processes[roles.indexOf(role)] as ServiceProcess;
  const tokenOf = (role: string): string =>
    named('api').ready.principals.find(({ roles: held }) => held.includes(role))?.token ?? '';

  beforeAll(async () => {
    [place, database] = [await open(), await createEmptyTestDatabase()];
    checkout = new Checkout();
    const port = await freePort(null);
    url = `http://127.0.0.1:${port}`;
    processes = roles.map((role) => new ServiceProcess(checkout.directory, role, role, {
      DATABASE_URL: database.url, MASTER_KEY: masterKey, EVENT_STORE_URL: place.url, LOG_LEVEL: 'warn',
      PORT: String(port), ...(role === 'api' ? { DEMO: 'on', DEMO_PAYMENTS: '1' } : {}),
    }));
    for (const one of processes) one.start();
    await Promise.all(processes.map((one) => one.isReady()));
    parts = openParts({
      databaseUrl: database.url, masterKey, connections: 4, logger: createLogger('silent'),
      wakeWorker: () => undefined, kurrent: { url: place.url, options: kurrentDefaults },
    });
  }, specMs);
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.kill()));
    await parts?.close();
    await checkout.remove();
    await database.drop();
    await place.close();
  }, specMs);

  it('loses no batch and doubles none when the worker and the projector are killed under load', async () => {
    const clients = new RetryingClients([url], { payee: tokenOf('payee'), operator: tokenOf('operator') });
    for (const role of ['worker', 'projector'] as const) {
      await delay(betweenKillsMs);
      await named(role).kill();
      await delay(betweenKillsMs);
      named(role).start();
      await named(role).isReady();
    }
    await clients.stop();
    const { accounts, batches } = clients.acknowledged;
    expect(clients.strange).toEqual([]);
    expect([accounts.length > 5, batches.length > 1]).toEqual([true, true]);
    const { applied, recorded, completed } = await inTheLog();
    expect(accounts.filter((accountId) => applied.get(accountId) !== 1)).toEqual([]);
    expect(batches.filter(({ batchId, payments }) =>
      completed.get(batchId) !== 1 || recorded.get(batchId) !== payments)).toEqual([]);
  }, specMs);

  it('has tables that a replay of the log repeats byte for byte', async () => {
    const head = await parts.log.head();
    for (const projection of projections) {
      expect(await parts.readStore.waitFor(projection.name, head, 60_000)).toBe(true);
      expect(await prove({ ...parts, projection })).toMatchObject({ outcome: 'equal' });
    }
  }, specMs);

  /** How often each application is in the log, each batch's end, and how many payments of each batch. */
  async function inTheLog() {
    type Counts = Map<string, number>;
    const found: Record<'applied' | 'recorded' | 'completed', Counts> =
      { applied: new Map(), recorded: new Map(), completed: new Map() };
    const count = (what: Counts, key: string): unknown => what.set(key, (what.get(key) ?? 0) + 1);
    const payments = new Set<string>();
    for await (const { type, data } of parts.log.readAll('0')) {
      if (type === 'AccountApplied') count(found.applied, data.accountId);
      if (type === 'PaymentBatchCompleted') count(found.completed, data.batchId);
      if (type !== 'PaymentRecorded') continue;
      expect(payments.has(data.paymentId)).toBe(false);
      payments.add(data.paymentId);
      count(found.recorded, data.batchId);
    }
    return found;
  }
});
