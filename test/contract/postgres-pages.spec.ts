import pg from 'pg';
import type { RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { untilOthersEnded } from './ended-sessions.js';
import { appendTo, newStream, positionOf } from './sample-appends.js';

const logged = 50_000;
const perAppend = 5_000;
/** What a reader takes, a good deal less than the log holds. */
const taken = 2_000;
/** A reader is a page ahead of who reads; a page that is not full is asked for up to its end. */
const fetchedAtMost = 4_000;

describe('a log of 50,000 events that was never analysed', () => {
  let database: TestDatabase;
  let administrator: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    administrator = new pg.Client(database.url);
    await administrator.connect();
    await administrator.query('ALTER TABLE log.events SET (autovacuum_enabled = off)');
    const store = new PostgresEventStore(database.url);
    for (let stored = 0; stored < logged; stored += perAppend) {
      const type = stored % (2 * perAppend) === 0 ? 'PaymentRecorded' : 'RemittanceRecorded';
      await positionOf(appendTo(store, { stream: newStream(), count: perAppend, type }));
    }
    await store.close();
  }, 60_000);
  afterAll(async () => {
    await administrator.end();
    await database.drop();
  });

  /** Rows fetched from the log by the sessions of `work`, whose counts are complete when they have ended. */
  async function rowsFetchedBy(work: () => Promise<void>): Promise<number> {
    const before = await rowsFetched();
    await work();
    await untilOthersEnded(administrator);
    return await rowsFetched() - before;
  }

  async function rowsFetched(): Promise<number> {
    const { rows: [row] } = await administrator.query<{ fetched: string; analysed: Date | null }>(`
      SELECT seq_tup_read + idx_tup_fetch AS fetched, coalesce(last_analyze, last_autoanalyze) AS analysed
      FROM pg_stat_user_tables WHERE schemaname = 'log' AND relname = 'events'`);
    expect(row?.analysed).toBeNull();
    return Number(row?.fetched);
  }

  async function takeSome(events: AsyncIterable<RecordedEvent>): Promise<void> {
    let count = 0;
    for await (const { type } of events) {
      expect(type).toBe('PaymentRecorded');
      if (++count === taken) break;
    }
    expect(count).toBe(taken);
  }

  it('is read page by page where a filter is given, not to its end for every page', async () => {
    const fetched = await rowsFetchedBy(async () => {
      const store = new PostgresEventStore(database.url);
      await takeSome(store.readAll('0', { except: ['RemittanceRecorded'] }));
      await store.close();
    });
    expect(fetched).toBeGreaterThanOrEqual(taken);
    expect(fetched).toBeLessThan(fetchedAtMost);
  });
});
