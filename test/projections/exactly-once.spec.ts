import type { ClientBase, PoolClient } from 'pg';
import type { StoredFact } from '../../src/application/event-log.js';
import type { Batch } from '../../src/infrastructure/read-store/apply-batch.js';
import { applyBatch } from '../../src/infrastructure/read-store/apply-batch.js';
import { batchesOf } from '../../src/infrastructure/read-store/batches.js';
import { moveCheckpoint, readCheckpoint } from '../../src/infrastructure/read-store/checkpoints.js';
import { liveSchema, ReadTable } from '../../src/infrastructure/read-store/read-table.js';
import { createReadTables } from '../../src/infrastructure/read-store/read-tables.js';
import { inTransaction } from '../../src/infrastructure/read-store/transaction.js';
import { writeFacts } from '../../src/infrastructure/read-store/write-facts.js';
import { countedFacts, newPayments } from './support/counted-facts.js';
import type { Death } from './support/dying-client.js';
import { dyingClient } from './support/dying-client.js';
import type { ReadSide } from './support/read-side.js';
import { openReadSide, record } from './support/read-side.js';

type Apply = (client: ClientBase, table: ReadTable, batch: Batch) => Promise<boolean>;

const table = new ReadTable(countedFacts, liveSchema);
const factsPerAgency = 20;
const expected = ['A0', 'A1', 'A2'].map((agency) => ({ agency, facts: factsPerAgency }));
const batchSize = 7;

let side: ReadSide;
let facts: StoredFact[];

beforeAll(async () => {
  side = await openReadSide();
  await record(side.log, newPayments(3 * factsPerAgency));
  facts = [];
  for await (const fact of side.log.readAll('0')) facts.push(fact);
});
afterAll(() => side.close());
beforeEach(async () => {
  await side.pool.query("DROP TABLE IF EXISTS read.counted_facts; DELETE FROM read.checkpoints");
  await createReadTables(side.pool, [countedFacts]);
});

const counts = async (): Promise<unknown> =>
  (await side.pool.query('SELECT agency, facts FROM read.counted_facts ORDER BY agency')).rows;

/**
 * Runs to the end of the log from the checkpoint, as a projector does after each start; dies once if told to.
 */
async function run(apply: Apply, death?: Death): Promise<void> {
  const client = await side.pool.connect();
  try {
    const working = death ? dyingClient(client, death) : client;
    const { position } = await existing(client);
    const rest = facts.filter((fact) => BigInt(fact.position) > BigInt(position));
    for await (const batch of batchesOf(inOrder(rest), position, batchSize)) {
      if (!(await apply(working, table, batch))) throw new Error('refused by the checkpoint');
    }
  } finally {
    client.release(true);
  }
}

async function existing(client: PoolClient): Promise<{ position: string }> {
  const checkpoint = await readCheckpoint(client, countedFacts.name);
  if (!checkpoint) throw new Error('no checkpoint');
  return checkpoint;
}

async function* inOrder(items: readonly StoredFact[]): AsyncIterable<StoredFact> {
  yield* items;
}

/**
 * Dies at every query it ever makes, each time starts again, and says after which deaths the table was wrong.
 */
async function deathsThatShow(apply: Apply): Promise<Death[]> {
  const wrong: Death[] = [];
  for (let atQuery = 1; atQuery <= 18; atQuery++) {
    for (const when of ['before', 'after'] as const) {
      await side.pool.query("DELETE FROM read.counted_facts; UPDATE read.checkpoints SET position = 0");
      await expect(run(apply, { atQuery, when })).rejects.toThrow();
      await run(apply);
      if (JSON.stringify(await counts()) !== JSON.stringify(expected)) wrong.push({ atQuery, when });
    }
  }
  return wrong;
}

/** The mistake that this suite exists for: rows first, then the checkpoint, each for itself. */
const checkpointOutside: Apply = async (client, { projection }, { from, to, facts: some }) => {
  await inTransaction(client, () => writeFacts(client, table, some));
  return moveCheckpoint(client, { projection: projection.name, version: projection.version, from, to });
};
/** The same mistake the other way round. */
const checkpointAhead: Apply = async (client, { projection }, { from, to, facts: some }) => {
  const { name, version } = projection;
  const moved = await moveCheckpoint(client, { projection: name, version, from, to });
  await inTransaction(client, () => writeFacts(client, table, some));
  return moved;
};

it('whenever the connection dies, no fact is lost and none is counted twice', async () => {
  expect(await deathsThatShow(applyBatch)).toEqual([]);
});

it.each([['after', checkpointOutside], ['before', checkpointAhead]])(
  'a checkpoint moved outside the transaction, %s the rows, would be found out', async (_when, apply) => {
    expect(await deathsThatShow(apply)).not.toEqual([]);
  });

describe('a batch from an old checkpoint', () => {
  const batch = (): Batch => ({ from: '0', to: facts.at(-1)?.position ?? '0', facts });

  it('is refused and writes nothing', async () => {
    const client = await side.pool.connect();
    try {
      expect(await applyBatch(client, table, batch())).toBe(true);
      expect(await applyBatch(client, table, batch())).toBe(false);
      expect(await counts()).toEqual(expected);
    } finally {
      client.release();
    }
  });

  it('is refused also when both come at the same moment', async () => {
    const clients = await Promise.all([side.pool.connect(), side.pool.connect()]);
    try {
      const answers = await Promise.all(clients.map((client) => applyBatch(client, table, batch())));
      expect(answers.sort()).toEqual([false, true]);
      expect(await counts()).toEqual(expected);
    } finally {
      for (const client of clients) client.release();
    }
  });

  it('is refused when the table has become one of another version', async () => {
    await side.pool.query('UPDATE read.checkpoints SET version = 2');
    const client = await side.pool.connect();
    try {
      expect(await applyBatch(client, table, batch())).toBe(false);
      expect(await counts()).toEqual([]);
    } finally {
      client.release();
    }
  });
});
