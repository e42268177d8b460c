import pg from 'pg';
import { isCaughtUp } from '../../src/application/event-log.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { untilOthersEnded } from './ended-sessions.js';
import { appendTo, collect, newMeta, newStream, positionOf, sampleType } from './sample-appends.js';

describe('the log in PostgreSQL', () => {
  let database: TestDatabase;
  let store: PostgresEventStore;
  let administrator: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    store = new PostgresEventStore(database.url);
    administrator = new pg.Client(database.url);
    await administrator.connect();
  });
  afterAll(async () => {
    await administrator.end();
    await store.close();
    await database.drop();
  });

  const listening = `SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND query = 'LISTEN log_appended' AND state = 'idle'`;

  async function untilListening(wanted: boolean): Promise<void> {
    while (((await administrator.query(listening)).rowCount === 0) === wanted);
  }

  it.each([
    ['no JSON', '{"half":'], ['two payloads in one', '{}\x1f{}'], ['nothing', ''],
  ])('refuses a payload that is %s, and stores what was appended beside it', async (_, payload) => {
    const before = await store.head();
    const good = Array.from({ length: 10 }, () => appendTo(store, { stream: newStream() }));
    const bad = appendTo(store, { stream: newStream(), payload });
    const alsoGood = Array.from({ length: 10 }, () => appendTo(store, { stream: newStream() }));
    await expect(bad).rejects.toMatchObject({ code: '22P02' });
    for (const result of await Promise.all([...good, ...alsoGood])) expect(result.kind).toBe('appended');
    expect(await store.head()).toBe(String(BigInt(before) + 20n));
  });

  it('refuses a large append with one bad payload as a whole, and goes on', async () => {
    const stream = newStream();
    const bad = appendTo(store, { stream, count: 900, payload: '{"half":' });
    await expect(bad).rejects.toMatchObject({ code: '22P02' });
    expect(await collect(store.readStream(stream))).toEqual([]);
    await positionOf(appendTo(store, { stream, count: 900 }));
  });

  it.each(['UPDATE log.events SET revision = 7', 'DELETE FROM log.events', 'TRUNCATE log.events',
    'DELETE FROM log.appends'])('never changes what is stored: %s', async (change) => {
    await positionOf(appendTo(store, { stream: newStream() }));
    await expect(administrator.query(change)).rejects.toThrow(/facts are never changed/);
  });

  it('numbers a new name once, whoever asks at the same time', async () => {
    const other = new PostgresEventStore(database.url);
    const types = Array.from({ length: 20 }, (_, index) => `New${index}x${newStream().slice(-12)}`);
    const appends = types.flatMap((type) => [store, other, store].map((one) =>
      positionOf(appendTo(one, { stream: newStream('fresh'), type }))));
    await Promise.all(appends);
    const { rows } = await administrator.query(
      'SELECT code FROM log.fact_types WHERE name = ANY ($1)', [types]);
    expect(rows).toHaveLength(types.length);
    const stored = (await collect(store.readAll('0'))).map(({ type }) => type);
    expect(stored.filter((type) => types.includes(type)).sort())
      .toEqual(types.flatMap((type) => [type, type, type]).sort());
    await other.close();
  });

  it('a name first stored by another process reaches who was filtering before', async () => {
    const other = new PostgresEventStore(database.url);
    const type = `Newest${newStream().slice(-12)}`;
    const came: string[] = [];
    for await (const item of store.subscribe(await store.head(), { except: [sampleType] })) {
      if (isCaughtUp(item) && came.length === 0) {
        await positionOf(appendTo(other, { stream: newStream() }));
        await positionOf(appendTo(other, { stream: newStream(), type }));
      }
      if (!isCaughtUp(item)) came.push(item.type);
      if (came.includes(type)) break;
    }
    expect(came).toEqual([type]);
    await other.close();
  });

  it('says it is busy while another transaction keeps the head locked, and stores nothing', async () => {
    const stream = newStream();
    const impatient = new URL(database.url);
    impatient.searchParams.set('lock_timeout', '300');
    const other = new PostgresEventStore(impatient.href);
    await administrator.query('BEGIN; UPDATE log.head SET position = position');
    await expect(appendTo(other, { stream })).rejects.toThrow(StoreBusy);
    await expect(appendTo(other, { stream, count: 900 })).rejects.toThrow(StoreBusy);
    await administrator.query('ROLLBACK');
    expect(await collect(store.readStream(stream))).toEqual([]);
    await positionOf(appendTo(other, { stream }));
    await other.close();
  });

  it('sends a second group while the first is under way, and answers each in its place', async () => {
    const groups: number[] = [];
    const other = new PostgresEventStore(database.url, {
      grouped: (appends) => groups.push(appends), readsThrough: () => undefined, queues: () => undefined,
    });
    await positionOf(appendTo(other, { stream: newStream() }));
    const before = BigInt(await store.head());
    await administrator.query('BEGIN; UPDATE log.head SET position = position');
    const appends = Array.from({ length: 40 }, () => positionOf(appendTo(other, { stream: newStream() })));
    while (groups.length < 3) await new Promise((resolve) => setImmediate(resolve));
    await administrator.query('ROLLBACK');
    expect(groups).toEqual([1, 20, 20]);
    const expected = appends.map((_, index) => String(before + BigInt(index) + 1n));
    expect(await Promise.all(appends)).toEqual(expected);
    await other.close();
  });

  it.each([
    ['stream', (stream: string) => appendTo(store, { stream })],
    ['revision', (stream: string) => appendTo(store, { stream, expected: 7 })],
  ])('a group in which one has the wrong %s is judged one by one, at dense positions', async (_, wrong) => {
    const stream = newStream();
    await positionOf(appendTo(store, { stream }));
    const before = BigInt(await store.head());
    const results = await Promise.all([
      appendTo(store, { stream: newStream(), count: 3 }), wrong(stream),
      appendTo(store, { stream: newStream() }),
    ]);
    expect(results).toEqual([
      { kind: 'appended', position: String(before + 3n), replayed: false },
      { kind: 'conflict', stream, actualRevision: 0 },
      { kind: 'appended', position: String(before + 4n), replayed: false },
    ]);
    expect(await store.head()).toBe(String(before + 4n));
  });

  it('a subscriber is told at once: it does not wait for its next look', async () => {
    const other = new PostgresEventStore(database.url);
    const rounds = 40;
    const startedAt = performance.now();
    let heard = 0;
    for await (const item of store.subscribe(await store.head())) {
      if (!isCaughtUp(item)) heard++;
      else if (heard < rounds) await positionOf(appendTo(other, { stream: newStream() }));
      else break;
    }
    expect(heard).toBe(rounds);
    // Asked for every 250 ms, an event is heard of after 125 ms on average.
    expect(performance.now() - startedAt).toBeLessThan(rounds * 125 / 2);
    await other.close();
  });

  it('a subscriber hears of what another process appended, even when its notification is lost', async () => {
    const other = new PostgresEventStore(database.url);
    const meta = newMeta();
    for await (const item of store.subscribe(await store.head())) {
      if (!isCaughtUp(item)) {
        expect(item.id).toBeDefined();
        break;
      }
      await untilListening(true);
      await administrator.query(`SELECT pg_terminate_backend(pid) FROM (${listening}) sessions`);
      await untilListening(false);
      await appendTo(other, { stream: newStream() }, meta);
    }
    await other.close();
  });

});

describe('the log in PostgreSQL, from small to large', () => {
  let database: TestDatabase;
  let administrator: pg.Client;

  beforeAll(async () => {
    database = await createTestDatabase();
    administrator = new pg.Client(database.url);
    await administrator.connect();
  });
  afterAll(async () => {
    await administrator.end();
    await database.drop();
  });

  /**
   * How often the log's tables were read from end to end; a session's counts are complete when it has ended.
   */
  async function scansBy(work: () => Promise<void>): Promise<number> {
    const before = await scans();
    await work();
    await untilOthersEnded(administrator);
    return await scans() - before;
  }

  async function scans(): Promise<number> {
    const { rows: [row] } = await administrator.query<{ scans: string }>(`SELECT sum(seq_scan) AS scans
      FROM pg_stat_user_tables WHERE schemaname = 'log' AND relname IN ('events', 'appends')`);
    return Number(row?.scans);
  }

  it('probes its indexes, also by plans made while it was small', async () => {
    // A table of a page or two is cheaper to read whole, and the planner knows once it was counted.
    const first = new PostgresEventStore(database.url);
    await Promise.all(Array.from({ length: 40 }, () => appendTo(first, { stream: newStream() })));
    await first.close();
    await administrator.query('ANALYZE log.events, log.appends');
    const scanned = await scansBy(async () => {
      const store = new PostgresEventStore(database.url);
      const stream = newStream();
      await positionOf(appendTo(store, { stream: newStream() }));
      await positionOf(appendTo(store, { stream: newStream(), count: 20_000 }));
      await Promise.all(Array.from({ length: 50 }, () => appendTo(store, { stream: newStream() })));
      await positionOf(appendTo(store, { stream, count: 900 }));
      await positionOf(appendTo(store, { stream, expected: 899, count: 900 }));
      expect(await collect(store.readStreams([stream, newStream()]))).toHaveLength(1_800);
      const late = await collect(store.readAll('20000', { except: ['NeverStored'] }));
      expect(late.length).toBeGreaterThan(1_800);
      await store.receipt(newMeta().commandId, 'a1b2c3');
      await store.close();
    });
    expect(scanned).toBe(0);
    const careless = await scansBy(async () => {
      const client = new pg.Client(database.url);
      await client.connect();
      await client.query('SELECT count(*) FROM log.events WHERE version = 7');
      await client.end();
    });
    expect(careless).toBeGreaterThan(0);
  });
});
