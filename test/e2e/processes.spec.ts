import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../../src/app.module.js';
import { openParts } from '../../src/app.module.js';
import { freePort } from '../../src/infrastructure/embedded-postgres/server.js';
import { createLogger } from '../../src/infrastructure/logging.js';
import { migrations } from '../../src/infrastructure/migrations/migrations.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import { projections } from '../../src/projections/projections.js';
import type { TestDatabase } from '../support/database.js';
import { createEmptyTestDatabase } from '../support/database.js';
import { Checkout } from './checkout.js';
import { RetryingClients } from './support/retrying-clients.js';
import type { Role } from './support/service-process.js';
import { ServiceProcess } from './support/service-process.js';

const roles: readonly Role[] = ['api', 'projector', 'worker'];
/** Less than a minute on a machine with nothing else to do. */
const specMs = 400_000;
/** Long enough that a kill hits work under way and its retries. */
const betweenKillsMs = 1_000;
const takeOverMs = 5_000;

let database: TestDatabase;
let checkout: Checkout;
let parts: Parts;
let processes: ServiceProcess[];
let urls: string[];
const masterKey = randomBytes(32).toString('base64');

const all = (role: Role): ServiceProcess[] => processes.filter((one) => one.role === role);
const tokenOf = (role: string): string =>
  all('api')[0]?.ready.principals.find(({ roles: held }) => held.includes(role))?.token ?? '';
const asked = async (path: string, role: string, init: RequestInit = {}): Promise<Response> =>
  fetch(urls[0] + path, { ...init, headers: { ...init.headers, authorization: `Bearer ${tokenOf(role)}` } });
const applied = (accountNumber: string): Promise<Response> => asked('/api/v1/accounts', 'payee', {
  method: 'POST', headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ bankCode: '0040037', accountNumber, accountName: '測試' }),
});

beforeAll(async () => {
  database = await createEmptyTestDatabase();
  checkout = new Checkout();
  const ports = [await freePort(null), await freePort(null)];
  urls = ports.map((port) => `http://127.0.0.1:${port}`);
  processes = roles.flatMap((role) => ports.map((port, n) => new ServiceProcess(
    checkout.directory, role, `${role}-${n}`, {
      DATABASE_URL: database.url, MASTER_KEY: masterKey, LOG_LEVEL: 'warn', DATA_DIR: 'no-such-directory',
      PORT: String(port), SHUTDOWN_SECONDS: '8',
      ...(role === 'api' ? { DEMO: 'on', DEMO_PAYMENTS: '1' } : {}),
    })));
  // All at the same moment, on a checkout that is not built and a database that is empty.
  for (const one of processes) one.start();
  await Promise.all(processes.map((one) => one.isReady()));
  parts = openParts({
    databaseUrl: database.url, masterKey, connections: 8, logger: createLogger('silent'),
    wakeWorker: () => undefined,
  });
}, specMs);
afterAll(async () => {
  await Promise.all(processes.map((one) => one.kill()));
  await parts?.close();
  await checkout.remove();
  await database.drop();
}, specMs);

describe('two processes started at the same moment under different master keys', () => {
  it('find out on an empty database: one serves, the other is refused and names the setting', async () => {
    const empty = await createEmptyTestDatabase();
    const two = await Promise.all([1, 2].map(async (n) => new ServiceProcess(
      checkout.directory, 'projector', `own-key-${n}`, {
        DATABASE_URL: empty.url, MASTER_KEY: randomBytes(32).toString('base64'), LOG_LEVEL: 'warn',
        PORT: String(await freePort(null)),
      })));
    for (const one of two) one.start();
    const ends = await Promise.allSettled(two.map((one) => one.isReady()));
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [refused] = two.filter((_, n) => ends[n]?.status === 'rejected');
    expect(refused?.output).toContain('MASTER_KEY: is not the one of this database');
    await Promise.all(two.map((one) => one.kill()));
    await empty.drop();
  }, specMs);
});

describe('processes started at the same moment', () => {
  it('migrate the database once', async () => {
    const { rows } = await parts.pool.query<{ name: string }>(
      'SELECT name FROM applied_migrations ORDER BY id');
    expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  });

  it("leave nothing on the local disk but the demo's cards", () =>
    expect(readdirSync(join(checkout.directory, 'no-such-directory'))).toEqual(['demo-cards']));

  it('are what the npm scripts start', () => {
    const { scripts } = JSON.parse(readFileSync(join(checkout.directory, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    for (const role of roles) expect(scripts[`start:${role}`]).toBe(`node scripts/start.mjs ${role}`);
  });

  it.each(roles)('tell their health and figures, each on a port of its own: %s', async (role) => {
    for (const { ready: { managementUrl } } of all(role)) {
      const ready = await fetch(`${managementUrl}/health/ready`);
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ok' }]);
      const metrics = await fetch(`${managementUrl}/metrics`);
      expect(await metrics.text()).toContain('process_resident_memory_bytes');
    }
  });

  it('say which settings are missing', async () => {
    const bare = new ServiceProcess(checkout.directory, 'worker', 'bare', {});
    bare.start();
    await expect(bare.isReady()).rejects.toThrow(/DATABASE_URL: .*\n.*MASTER_KEY: /);
  });
});

describe('two of each', () => {
  it('lose nothing and double nothing, whichever of them is killed under load', async () => {
    const clients = new RetryingClients(urls, { payee: tokenOf('payee'), operator: tokenOf('operator') });
    await delay(betweenKillsMs);
    for (const victim of processes) {
      await victim.kill();
      await delay(betweenKillsMs);
      victim.start();
      await victim.isReady();
    }
    await clients.stop();
    const { accounts, batches } = clients.acknowledged;
    expect(clients.strange).toEqual([]);
    expect(Math.min(accounts.length, batches.length)).toBeGreaterThan(5);
    expect(await missingOrDoubled(accounts, batches)).toEqual([]);
    for (const projection of projections) {
      await parts.readStore.waitFor(projection.name, await parts.log.head(), 20_000);
      expect(await prove({ ...parts, projection })).toMatchObject({ outcome: 'equal' });
    }
  }, specMs);

  it('have their tables taken over within five seconds of a kill of the projector that worked', async () => {
    for (const [n, victim] of all('projector').entries()) {
      await victim.kill();
      const killedAt = performance.now();
      const { position } = await (await applied(`77${n}`)).json() as { position: string };
      const answer = await asked(`/api/v1/reviews?wait-for=${position}`, 'reviewer');
      expect([answer.status, performance.now() - killedAt < takeOverMs]).toEqual([200, true]);
      victim.start();
      await victim.isReady();
    }
  }, specMs);
});

describe('a process told to stop', () => {
  it('answers who waits for a file, and ends well', async () => {
    for (const worker of all('worker')) expect(await worker.stop()).toBe(0);
    const waiting = asked('/api/v1/payment-batches', 'operator', {
      method: 'POST', headers: { 'content-type': 'text/csv', 'prefer': 'wait=30' }, body: 'H,1,LATE,x\n',
    });
    while (await parts.operations.pendingDeliveries() === 0) await delay(20);
    const [api, other] = all('api');
    const ended = api?.stop();
    expect((await waiting).status).toBe(202);
    expect([await ended, await other?.stop()]).toEqual([0, 0]);
    for (const projector of all('projector')) expect(await projector.stop()).toBe(0);
  }, specMs);
});

interface Count { readonly key: string; readonly times: string }
type Batches = RetryingClients['acknowledged']['batches'];

/** What was acknowledged and is not in the log exactly once; and what is in it more than once. */
async function missingOrDoubled(accounts: readonly string[], batches: Batches): Promise<string[]> {
  const counted = async (type: string, field: string): Promise<ReadonlyMap<string, number>> => {
    const { rows } = await parts.pool.query<Count>(
      `SELECT payload ->> $2 AS key, count(*) AS times FROM log.events
       WHERE type = (SELECT code FROM log.fact_types WHERE name = $1) GROUP BY 1`, [type, field]);
    return new Map(rows.map(({ key, times }) => [key, Number(times)]));
  };
  const applications = await counted('AccountApplied', 'accountId');
  const completed = await counted('PaymentBatchCompleted', 'batchId');
  const recorded = await counted('PaymentRecorded', 'batchId');
  const payments = await counted('PaymentRecorded', 'paymentId');
  return [
    ...accounts.filter((accountId) => applications.get(accountId) !== 1),
    ...batches.filter(({ batchId, payments: told }) =>
      completed.get(batchId) !== 1 || recorded.get(batchId) !== told).map(({ batchId }) => batchId),
    ...[...payments, ...applications].filter(([, times]) => times !== 1).map(([key]) => key),
  ];
}
