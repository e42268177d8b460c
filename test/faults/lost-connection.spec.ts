import pg from 'pg';
import type { AppendResult } from '../../src/application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore,
} from '../../src/infrastructure/event-store/event-store.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { appendTo, collect, newMeta, newStream, positionOf, writeOf } from '../contract/sample-appends.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { CuttingProxy } from './cutting-proxy.js';

type Append = EventStore['append'];

interface Fault {
  readonly fault: string;
  readonly count: number;
  readonly cut: 'reply' | 'request';
  readonly marker: string;
  /** Whether the server had done it before the connection broke. */
  readonly stored: boolean;
}

/** Markers are what the store sends: the names of its prepared statements, and plain commands. */
const small = 'append-presumed';
const faults: readonly Fault[] = [
  { fault: 'after a small append was stored', count: 2, cut: 'reply', marker: small, stored: true },
  { fault: 'before a small append arrived', count: 2, cut: 'request', marker: small, stored: false },
  { fault: 'after a large append was stored', count: 900, cut: 'reply', marker: 'COMMIT', stored: true },
  { fault: 'before a large append committed', count: 900, cut: 'request', marker: 'COMMIT', stored: false },
  { fault: 'while a large append was sent', count: 900, cut: 'request', marker: 'PGCOPY', stored: false },
];

describe('a connection lost in the middle of an append', () => {
  let database: TestDatabase;
  let proxy: CuttingProxy;
  let store: PostgresEventStore;

  beforeAll(async () => {
    database = await createTestDatabase();
    proxy = await CuttingProxy.before(database.url);
    store = new PostgresEventStore(proxy.url);
    // The statements are prepared and the names numbered: the fault hits the append itself.
    await positionOf(appendTo(store, { stream: newStream() }));
    await positionOf(appendTo(store, { stream: newStream(), count: 900 }));
  });
  afterAll(async () => {
    await store.close();
    await proxy.close();
    await database.drop();
  });

  /**
   * What is wrong with how an append survives the fault: nothing, if it is answered honestly and stored once.
   */
  async function violations(append: Append, { count, cut, marker, stored }: Fault): Promise<string[]> {
    const stream = newStream();
    const meta = newMeta();
    const writes = [writeOf({ stream, count }, meta)];
    const cutsBefore = proxy.cuts;
    proxy.cutNext(cut, marker);
    const first = await append(writes, meta);
    const retried = await append(writes, meta);
    const held = await collect(store.readStream(stream));
    const found: string[] = [];
    if (proxy.cuts !== cutsBefore + 1) found.push('the connection was not cut');
    if (first.kind !== 'unknown') found.push(`first answered ${first.kind}`);
    const position = held.at(-1)?.position ?? null;
    const receipt: AppendResult = { kind: 'appended', position, replayed: stored };
    const answer = JSON.stringify(retried);
    if (answer !== JSON.stringify(receipt)) found.push(`then answered ${answer}`);
    if (held.length !== count) found.push(`stored ${held.length} of ${count}`);
    return found;
  }

  it.each(faults)('$fault is unknown; the retry stores it exactly once', async (fault) => {
    expect(await violations((writes, meta) => store.append(writes, meta), fault)).toEqual([]);
  });

  it('leaves a store that goes on working', async () => {
    const stream = newStream();
    await positionOf(appendTo(store, { stream }));
    expect(await collect(store.readStream(stream))).toHaveLength(1);
  });

  it('makes all appends under way unknown, and each of them is stored once when retried', async () => {
    const appends = Array.from({ length: 40 }, () => ({ stream: newStream(), meta: newMeta() }));
    const attempt = (): Promise<AppendResult[]> =>
      Promise.all(appends.map(({ stream, meta }) => appendTo(store, { stream, count: 3 }, meta)));
    proxy.cutNext('reply', small);
    const first = await attempt();
    expect(new Set(first.map(({ kind }) => kind))).toEqual(new Set(['unknown']));
    const [stored] = await attempt();
    expect(stored).toMatchObject({ kind: 'appended', replayed: true });
    for (const result of await attempt()) expect(result).toMatchObject({ kind: 'appended', replayed: true });
    expect(await collect(store.readStreams(appends.map(({ stream }) => stream)))).toHaveLength(120);
  });

  it('beside one that conflicts is unknown too, and stored once', async () => {
    const taken = newStream();
    await positionOf(appendTo(store, { stream: taken }));
    const stream = newStream();
    const meta = newMeta();
    proxy.cutNext('reply', 'append-judged');
    const first = await Promise.all([appendTo(store, { stream }, meta), appendTo(store, { stream: taken })]);
    expect(first.map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
    expect(await appendTo(store, { stream }, meta)).toMatchObject({ kind: 'appended', replayed: true });
    expect(await collect(store.readStreams([taken, stream]))).toHaveLength(2);
  });

  it('by an administrator who ends the session is unknown too, and nothing was stored', async () => {
    const administrator = new pg.Client(database.url);
    await administrator.connect();
    const stream = newStream();
    const meta = newMeta();
    await administrator.query('BEGIN');
    await administrator.query('SELECT position FROM log.head FOR UPDATE');
    const first = appendTo(store, { stream }, meta);
    await untilTrue(administrator, `SELECT count(*) = 1 AS yes FROM pg_stat_activity
      WHERE application_name = 'treasury log writer' AND datname = current_database()
      AND wait_event_type = 'Lock'`);
    await administrator.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'treasury log writer' AND datname = current_database()`);
    expect(await first).toMatchObject({ kind: 'unknown' });
    await administrator.query('ROLLBACK');
    await administrator.end();
    expect(await appendTo(store, { stream }, meta)).toMatchObject({ kind: 'appended', replayed: false });
    expect(await collect(store.readStream(stream))).toHaveLength(1);
  });

  describe('would be noticed here, if the store', () => {
    const [afterStored, beforeArrived] = faults as [Fault, Fault];

    it('retried by itself under a fresh command id', async () => {
      const retrying = async (writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> => {
        const result = await store.append(writes, meta);
        if (result.kind !== 'unknown') return result;
        const [write] = writes;
        if (!write) return result;
        const expectedRevision = (await collect(store.readStream(write.stream))).length - 1;
        return store.append([{ ...write, expectedRevision }], newMeta());
      };
      expect(await violations(retrying, afterStored)).toContain('stored 4 of 2');
    });

    it('took a lost answer for a good one', async () => {
      const hopeful = async (writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> => {
        const result = await store.append(writes, meta);
        return result.kind === 'unknown' ? { kind: 'appended', position: null, replayed: false } : result;
      };
      expect(await violations(hopeful, beforeArrived)).toEqual(['first answered appended']);
    });

    it('did not remember command ids', async () => {
      const administrator = new pg.Client(database.url);
      await administrator.connect();
      await administrator.query(`
        CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN DELETE FROM log.appends WHERE command_id = NEW.command_id; RETURN NULL; END $$;
        ALTER TABLE log.appends DISABLE TRIGGER appends_never_change;
        CREATE TRIGGER forgetful AFTER INSERT ON log.appends FOR EACH ROW EXECUTE FUNCTION forget()`);
      const found = await violations((writes, meta) => store.append(writes, meta), afterStored);
      await administrator.query(`
        DROP TRIGGER forgetful ON log.appends;
        ALTER TABLE log.appends ENABLE TRIGGER appends_never_change`);
      await administrator.end();
      expect(found).toEqual([expect.stringContaining('"conflict"')]);
    });
  });
});

/** Asks until the answer is yes; the test's own time limit ends a wait in vain. */
async function untilTrue(client: pg.Client, question: string): Promise<void> {
  for (;;) {
    const { rows: [answer] } = await client.query<{ yes: boolean }>(question);
    if (answer?.yes) return;
  }
}
