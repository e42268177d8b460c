import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { EventStore } from '../../src/infrastructure/event-store/event-store.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { CuttingProxy } from './cutting-proxy.js';
import { Storm, discrepancies } from './append-storm.js';

type Append = EventStore['append'];
const stormMs = 3_000;
const callersOfEach = 20;
const markers = ['append-presumed', 'append-judged', 'PGCOPY', 'COMMIT', 'open_bulk'];

describe('two processes that append while everything goes wrong', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let stores: PostgresEventStore[];
  let administrator: pg.Client;

  beforeEach(async () => {
    database = await createTestDatabase();
    proxy = await CuttingProxy.before(database.url);
    // Less patient than in production, so that a storm of seconds has all of it.
    const impatient = new URL(database.url);
    impatient.searchParams.set('lock_timeout', '150');
    impatient.searchParams.set('statement_timeout', '100');
    stores = [new PostgresEventStore(proxy.url), new PostgresEventStore(impatient.href)];
    administrator = new pg.Client(database.url);
    await administrator.connect();
  });
  afterEach(async () => {
    await administrator.end();
    await Promise.all(stores.map((store) => store.close()));
    await proxy.close();
    await database.drop();
  });

  const faults: (() => Promise<unknown>)[] = [
    ...markers.flatMap((marker) => (['reply', 'request'] as const).map((cut) =>
      async () => proxy.cutNext(cut, marker))),
    () => administrator.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'treasury log writer' AND datname = current_database()`),
    () => administrator.query(`SELECT pg_cancel_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'treasury log writer' AND datname = current_database()`),
    async () => {
      await administrator.query('BEGIN; UPDATE log.head SET position = position');
      await pause(120);
      await administrator.query('ROLLBACK');
    },
  ];

  async function storm(wrap: (append: Append) => Append): Promise<Storm> {
    const whole = new Storm();
    const callers = stores.flatMap((store) => Array.from({ length: callersOfEach }, () =>
      whole.caller(wrap((writes, meta) => store.append(writes, meta)))));
    for (let n = 0, until = Date.now() + stormMs; Date.now() < until; n++) {
      await faults[n % faults.length]?.();
      await pause(40);
    }
    whole.end();
    await Promise.all(callers);
    return whole;
  }

  it('tell every caller the truth, and leave dense positions', async () => {
    const { told } = await storm((append) => append);
    const kinds = new Set(told.map(({ result }) => result.kind));
    expect([...kinds].sort()).toEqual(['appended', 'conflict']);
    expect(proxy.cuts).toBeGreaterThan(5);
    expect(await discrepancies(database.url, told)).toEqual([]);
  }, 60_000);

  it('would be caught taking a lost answer for a conflict', async () => {
    const { told } = await storm((append) => async (writes, meta) => {
      const result = await append(writes, meta);
      const stream = writes[0]?.stream ?? '';
      return result.kind === 'unknown' ? { kind: 'conflict', stream, actualRevision: -1 } : result;
    });
    expect(await discrepancies(database.url, told)).not.toEqual([]);
  }, 60_000);
});
