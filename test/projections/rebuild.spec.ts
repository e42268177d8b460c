import 'reflect-metadata';
import { accountKey } from '../../src/domain/identifiers/account-number.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import { rebuild } from '../../src/infrastructure/read-store/rebuild.js';
import { paymentTimeline } from '../../src/projections/payment-timeline/payment-timeline.projection.js';
import type { Projection } from '../../src/projections/projection.js';
import {
  FindReconciliations, FindReconciliationsHandler,
} from '../../src/projections/reconciliation/find-reconciliations.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import type { Answer } from './support/naive-reconciliation.js';
import { paymentStories, storyAccounts } from './support/payment-stories.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide, recordRaw, running } from './support/read-side.js';
import { replacing } from './support/faulty-log.js';
import { foreseen } from './support/other-releases.js';
import { contentOf, tell, workingSchemas } from './support/telling.js';
import { person, staff } from '../../src/projections/viewer.js';

const first: Projection = reconciliation;
const tables: readonly Projection[] = [first, paymentTimeline];
const stories = paymentStories(1_500, 7);

let side: ReadSide;
beforeEach(async () => { side = await openReadSide(); });
afterEach(() => side.close());

async function planOf(query: string, without: readonly string[]): Promise<string> {
  const client = await side.pool.connect();
  try {
    await client.query(`BEGIN; ${without.map((way) => `SET LOCAL enable_${way} = off;`).join(' ')}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`);
    await client.query('ROLLBACK');
    return String(rows[0]?.['QUERY PLAN']);
  } finally {
    client.release();
  }
}

describe('a rebuilt table', () => {
  it.each(tables.map((table) => [table.name, table] as const))(
    'equals the live one byte for byte: %s', async (_name, projection) => {
      const projectors = await running(side, tables);
      await tell(side, stories.slice(0, 600));
      await side.readStore.waitFor(projection.name, await side.log.head(), 20_000);
      await projectors.stop();
      const live = await contentOf(side, projection);
      expect(live.length).toBeGreaterThan(10_000);
      const { position } = await rebuild({ ...side, projection });
      expect(position).toBe(await side.log.head());
      expect(await contentOf(side, projection)).toBe(live);
      expect(await workingSchemas(side)).toEqual([]);
    });

  it('has the keys and indexes of the live one, under the same names', async () => {
    await caughtUp(side, [first]);
    const indexes = () => side.readStore.query(staff, `
      SELECT indexname, indexdef FROM pg_indexes
      WHERE schemaname = 'read' AND tablename = 'reconciliation' ORDER BY indexname`);
    const before = await indexes();
    await tell(side, stories.slice(0, 20));
    await rebuild({ ...side, projection: first });
    expect(await indexes()).toEqual(before);
    expect(before).toHaveLength(3);
  });

  it('is ready for index-only reading at once', async () => {
    await tell(side, stories.slice(0, 300));
    await caughtUp(side, [first]);
    const keys = storyAccounts.map(([bankCode, number]) => accountKey(bankCode, number));
    // So few rows may as well be read whole: whether the index alone can answer is what is asked.
    const fetchedFromHeap = async (): Promise<number> => {
      const plan = await planOf(`SELECT count(*), sum(amount) FROM read.reconciliation
        WHERE account_key = ANY ('{${keys.join()}}')`, ['seqscan', 'bitmapscan']);
      expect(plan).toContain('"Node Type": "Index Only Scan"');
      return Number(/"Heap Fetches": (\d+)/.exec(plan)?.[1]);
    };
    // The server remembers by 32 transactions of all its databases how far they are on disk: an asynchronous
    // commit of another suite, at the same moment, keeps so small a table from being marked.
    const fetched: number[] = [];
    do {
      await rebuild({ ...side, projection: first });
      fetched.push(await fetchedFromHeap());
    } while (fetched.at(-1) !== 0 && fetched.length < 10);
    expect(fetched.at(-1)).toBe(0);
    const [statistics] = await side.readStore.query(
      staff, "SELECT reltuples > 0 AS counted FROM pg_class WHERE oid = 'read.reconciliation'::regclass");
    expect(statistics).toEqual({ counted: true });
  });

  it('never falls behind the live one, however late the log told how far it reaches', async () => {
    await tell(side, stories.slice(0, 200));
    await caughtUp(side, [first]);
    const before = await contentOf(side, first);
    const late = replacing(side.log, { head: () => Promise.resolve('50') });
    const { position } = await rebuild({ pool: side.pool, log: late, projection: first });
    expect(position).toBe(await side.log.head());
    expect(await contentOf(side, first)).toBe(before);
  });

  it('leaves nothing behind when a fact stops it, and the live table as it was', async () => {
    await tell(side, stories.slice(0, 50));
    await caughtUp(side, [first]);
    const before = await contentOf(side, first);
    const failing: Projection = { ...first, evolve: () => { throw new Error('this cannot be'); } };
    await expect(rebuild({ ...side, projection: failing })).rejects.toThrow('cannot take in');
    expect(await contentOf(side, first)).toBe(before);
    expect(await workingSchemas(side)).toEqual([]);
  });

  it('is not swapped in where a fact of an unknown name stands in the log: says where', async () => {
    await tell(side, stories.slice(0, 50));
    await caughtUp(side, [first]);
    const before = await contentOf(side, first);
    const position = await recordRaw(side.store, foreseen);
    await tell(side, stories.slice(50, 60));
    await expect(rebuild({ ...side, projection: first })).rejects
      .toMatchObject({ name: 'UnreadableFact', why: 'unknown-name', place: { position } });
    expect(await contentOf(side, first)).toBe(before);
    expect(await workingSchemas(side)).toEqual([]);
  });
});

it('a reader who takes long keeps a rebuild waiting, not the other readers', async () => {
  await tell(side, stories.slice(0, 50));
  await caughtUp(side, [first]);
  const slow = await side.pool.connect();
  await slow.query('BEGIN; SELECT FROM read.reconciliation LIMIT 1');
  let isSwapped = false;
  const rebuilding = rebuild({ ...side, projection: first }).then(() => { isSwapped = true; });
  let longestMs = 0;
  for (const end = performance.now() + 2_500; performance.now() < end;) {
    const asked = performance.now();
    await side.readStore.query(staff, 'SELECT count(*) FROM read.reconciliation');
    longestMs = Math.max(longestMs, performance.now() - asked);
  }
  expect(isSwapped).toBe(false);
  expect(longestMs).toBeLessThan(1_500);
  await slow.query('COMMIT');
  slow.release();
  await rebuilding;
});

it('while facts arrive and readers read, a rebuild loses nothing and nobody notices', async () => {
  const projectors = await running(side, [first]);
  await tell(side, stories.slice(0, 300));
  await side.readStore.waitFor(first.name, await side.log.head(), 20_000);

  const telling = tell(side, stories.slice(300), 15);
  const stopReading = new AbortController();
  const readings = [0, 1, 2].map(() => readAlong(stopReading.signal));
  const positions = watchCheckpoint(stopReading.signal);
  for (let round = 0; round < 3; round++) await rebuild({ ...side, projection: first });
  await telling;
  stopReading.abort();
  for (const seen of await Promise.all(readings)) {
    expect(seen.length).toBeGreaterThan(10);
    // Rows are only ever added to here: a reader who saw fewer than before would have looked into a gap.
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  }
  expect(await positions).toEqual((await positions).toSorted((a, b) => a - b));
  expect(projectors.reports.map(({ kind }) => kind)).not.toContain('trouble');
  expect(await side.readStore.waitFor(first.name, await side.log.head(), 20_000)).toBe(true);
  await projectors.stop();
  expect(await prove({ ...side, projection: first })).toMatchObject({
    outcome: 'equal', position: await side.log.head(),
  });
}, 60_000);

/** Where the live table stood, over and over. */
async function watchCheckpoint(signal: AbortSignal): Promise<number[]> {
  const seen: number[] = [];
  while (!signal.aborted) {
    const [checkpoint] = await side.readStore.checkpoints();
    seen.push(Number(checkpoint?.position));
  }
  return seen;
}

/** How many payments each look showed. */
async function readAlong(signal: AbortSignal): Promise<number[]> {
  const handler = new FindReconciliationsHandler(side.readStore);
  const accounts = storyAccounts.map(([bankCode, number]) =>
    ({ accountId: number, accountKey: accountKey(bankCode, number) }));
  const seen: number[] = [];
  while (!signal.aborted) {
    const answer = await handler.execute(new FindReconciliations({
      accounts, filter: {}, sort: 'date-account', limit: 20,
    }, person({ accounts })));
    if (!('json' in answer)) throw new Error(answer.refused);
    seen.push((JSON.parse(answer.json) as Answer).totals?.payments ?? -1);
  }
  return seen;
}
