import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { batch, payment } from './batch-texts.js';
import { BatchTreasury, inPieces } from './batch-treasury.js';

let database: TestDatabase;
let treasury: BatchTreasury;

beforeAll(async () => {
  database = await createTestDatabase();
  treasury = new BatchTreasury(database.url, { linesPerChunk: 50 });
  await treasury.importBankCodes();
  treasury.work();
});
afterAll(async () => {
  await treasury.close();
  await database.drop();
});
afterEach(() => {
  expect(treasury.errors).toEqual([]);
});

describe('an upload', () => {
  it('that breaks off leaves nothing behind', async () => {
    async function* brokenOff(): AsyncGenerator<Uint8Array> {
      yield* inPieces(Buffer.alloc(3_000_000, 'x'));
      throw new Error('the client went away');
    }
    const before = await treasury.pool.query('SELECT count(*) FROM work.batch_deliveries');
    const receiving = treasury.intake.receive(brokenOff(), { charset: 'utf-8', deliveredBy: 'x' });
    await expect(receiving).rejects.toThrow('the client went away');
    const after = await treasury.pool.query('SELECT count(*) FROM work.batch_deliveries');
    expect(after.rows).toEqual(before.rows);
    expect(await treasury.leftovers()).toEqual({ chunks: 0, deliveries: 0 });
  });

  it('is kept to the byte, wherever its pieces are cut', async () => {
    // Three bytes a character, so that nearly every piece of a megabyte ends inside one.
    const purpose = '漢'.repeat(199);
    const payments = Array.from({ length: 5_000 }, (_, n) => payment(`U${n}`, { purpose }));
    const outcome = await treasury.deliver(batch('large', payments));
    expect(outcome).toMatchObject({ kind: 'completed', recorded: { payments: 5_000 } });
    expect((await treasury.paymentFacts('U4999'))[0].data).toMatchObject({ purpose });
  }, 120_000);
});

describe('asking for a delivery', () => {
  it('tells how far the work has come, by its id and by the batch id', async () => {
    const deliveryId = await treasury.receive(batch('asked', [payment('P1')]));
    const done = await treasury.finished(deliveryId);
    expect(done).toMatchObject({
      deliveryId, batchId: 'asked', phase: 'finished', charset: 'utf-8', linesChecked: 3, linesRecorded: 1,
    });
    expect(await treasury.intake.delivery(deliveryId)).toEqual(done);
    expect(await treasury.intake.latestOf('asked')).toEqual(done);
  });

  it('answers null for what is no delivery', async () => {
    expect(await treasury.intake.delivery('not-a-uuid')).toBeNull();
    expect(await treasury.intake.delivery('00000000-0000-4000-8000-000000000000')).toBeNull();
    expect(await treasury.intake.latestOf('nobody')).toBeNull();
  });

  it('answers as it stands when the time is up', async () => {
    const asleep = new BatchTreasury(database.url);
    const deliveryId = await asleep.receive(batch('pending', []));
    await asleep.close();
    const delivery = await treasury.intake.waitForOutcome(deliveryId, 0);
    expect(['received', 'validating', 'recording', 'finished']).toContain(delivery?.phase);
    await treasury.finished(deliveryId);
  });
});
