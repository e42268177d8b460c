import type pg from 'pg';
import { isCaughtUp } from '../../src/application/event-log.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { runTypeScript } from '../support/typescript-process.js';
import type { Numbered } from './exactly-once.js';
import { checkExactlyOnce } from './exactly-once.js';
import { firstWriters, logEventsPerWriter, naiveEventsPerWriter, writerCount } from './ordering.plan.js';

const script = new URL('./ordering.writers.ts', import.meta.url);
const writers = (mode: 'log' | 'naive', url: string): Promise<unknown> =>
  Promise.all(firstWriters.map((first) => runTypeScript(script, [mode, url, String(first)])));

/** Tails the log from its beginning while it is written; ends when the writers have and nothing is left. */
async function* tailLog(store: PostgresEventStore, writing: Promise<unknown>): AsyncIterable<Numbered> {
  const stop = new AbortController();
  let reached = '0';
  let end: string | undefined;
  void ended(writing).then(async () => {
    end = await store.head();
    if (reached === end) stop.abort();
  });
  for await (const item of store.subscribe('0', { signal: stop.signal })) {
    if (!isCaughtUp(item)) {
      yield { ...JSON.parse(item.payload) as Omit<Numbered, 'position'>, position: item.position };
    } else if ((reached = item.position) === end) return;
  }
}

/** What one would write first: remember the highest number seen, ask for higher ones. */
async function* tailNaively(pool: pg.Pool, writing: Promise<unknown>): AsyncIterable<Numbered> {
  let writersAtWork = true;
  void ended(writing).then(() => { writersAtWork = false; });
  for (let last = '0', more = true; more;) {
    const mayGrow = writersAtWork;
    const { rows } = await pool.query<Numbered>(
      'SELECT * FROM naive_log WHERE position > $1 ORDER BY position LIMIT 1000', [last]);
    yield* rows;
    last = rows.at(-1)?.position ?? last;
    more = mayGrow || rows.length > 0;
  }
}

/** Well or badly: who awaits the writers themselves learns which. */
const ended = (writing: Promise<unknown>): Promise<unknown> => writing.catch(() => undefined);

describe('32 concurrent writers in two processes', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('a tailing reader gets every event exactly once and in order; the naive cursor loses some', async () => {
    const store = new PostgresEventStore(database.url);
    const writing = writers('log', database.url);
    const ours = await checkExactlyOnce(tailLog(store, writing), writerCount, logEventsPerWriter);
    await writing;
    await store.close();
    const total = writerCount * logEventsPerWriter;
    expect(total).toBeGreaterThanOrEqual(200_000);
    expect(ours).toEqual({ seen: total, skipped: 0, repeatedOrLate: 0, gaps: 0 });

    const pool = createPool(database.url, { applicationName: 'naive reader' });
    await pool.query('CREATE TABLE naive_log (position bigserial PRIMARY KEY, writer int, number int)');
    const writingNaively = writers('naive', database.url);
    const naive = await checkExactlyOnce(
      tailNaively(pool, writingNaively), writerCount, naiveEventsPerWriter);
    await writingNaively;
    const { rows: [{ count }] } = await pool.query('SELECT count(*) FROM naive_log');
    await pool.end();
    expect(Number(count)).toBe(writerCount * naiveEventsPerWriter);
    expect(naive.seen).toBeLessThan(Number(count));
    expect(naive.skipped).toBeGreaterThan(0);
  }, 180_000);
});
