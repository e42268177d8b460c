import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Delivery } from '../../src/application/payment-batches/batch-intake.js';
import { generateBatch } from '../../src/infrastructure/demo/demo-batch.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { bankCodes, BatchTreasury } from './batch-treasury.js';
import { batch, payment } from './batch-texts.js';
import { problemsOf } from './expected-facts.js';

let database: TestDatabase;
/** Receives and asks; never works. */
let office: BatchTreasury;

beforeAll(async () => {
  database = await createTestDatabase();
  office = new BatchTreasury(database.url);
  await office.importBankCodes();
});
afterAll(async () => {
  await office.close();
  await database.drop();
});

const demo = (payments: number, seed: number): string =>
  [...generateBatch({ payments, seed, bankCodes })].join('');

function startProcess(): ChildProcess {
  const path = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const loader = new URL('../support/typescript-loader.mjs', import.meta.url).href;
  return spawn(process.execPath, ['--import', loader, path('batch-worker-process.ts'), database.url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function until(deliveryId: string, reached: (delivery: Delivery) => boolean): Promise<void> {
  for (;;) {
    const delivery = await office.intake.delivery(deliveryId);
    if (!delivery || delivery.phase === 'finished') throw new Error('it was too fast to be killed');
    if (reached(delivery)) return;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

describe('a worker process killed without warning', () => {
  it.each([
    ['while it judges the file', 21, (delivery: Delivery) => delivery.linesChecked > 0],
    ['as soon as it begins to record', 22, (delivery: Delivery) => delivery.phase === 'recording'],
    ['in the middle of recording', 23, (delivery: Delivery) => delivery.linesRecorded > 0],
  ])('%s: the next one finishes, as if nothing had happened', async (_when, seed, reached) => {
    const text = demo(16_000, seed);
    const deliveryId = await office.receive(text);
    const first = startProcess();
    await until(deliveryId, reached);
    await kill(first);
    const second = startProcess();
    const { outcome } = await office.finished(deliveryId);
    await kill(second);
    expect(await problemsOf(office, text, outcome)).toEqual([]);
  }, 120_000);
});

describe('a worker told to stop', () => {
  it('stops at the next safe place, and the next one goes on from there', async () => {
    const text = demo(16_000, 31);
    const deliveryId = await office.receive(text);
    const first = new BatchTreasury(database.url).work();
    await until(deliveryId, ({ linesRecorded }) => linesRecorded > 0);
    await first.close();
    const stopped = await office.intake.delivery(deliveryId);
    expect(stopped).toMatchObject({ phase: 'recording', outcome: null });
    const second = new BatchTreasury(database.url).work();
    const { outcome } = await office.finished(deliveryId);
    await second.close();
    expect(await problemsOf(office, text, outcome)).toEqual([]);
  }, 120_000);
});

describe('a worker', () => {
  it('judges nothing when the file kept is not the file received', async () => {
    const deliveryId = await office.receive(batch('changed', [payment('V1', { amount: 1 })]));
    const swapped = `UPDATE work.batch_file_chunks SET bytes = overlay(bytes PLACING '9'::bytea FROM 100)
      WHERE delivery_id = $1`;
    await office.pool.query(swapped, [deliveryId]);
    const worker = new BatchTreasury(database.url).work();
    while (worker.errors.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    await worker.close();
    await office.pool.query('DELETE FROM work.batch_deliveries WHERE delivery_id = $1', [deliveryId]);
    await office.pool.query('DELETE FROM work.batch_file_chunks WHERE delivery_id = $1', [deliveryId]);
    expect(String(worker.errors[0])).toContain('the file kept is not the file received');
    expect(await office.batchFacts('changed')).toEqual([]);
  });
});

describe('several workers at once', () => {
  it('take turns: every file is recorded once, in the order of receipt', async () => {
    const workers = [1, 2, 3].map(() => new BatchTreasury(database.url).work());
    const texts = [41, 42, 43, 44, 45].map((seed) => demo(300, seed));
    const outcomes: object[] = [];
    const deliveries: string[] = [];
    for (const text of texts) deliveries.push(await office.receive(text));
    for (const deliveryId of deliveries) outcomes.push((await office.finished(deliveryId)).outcome);
    for (const worker of workers) await worker.close();
    for (const [index, text] of texts.entries()) {
      expect(await problemsOf(office, text, outcomes[index])).toEqual([]);
    }
    const positions = outcomes.map((outcome) => Number((outcome as { position: string }).position));
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }, 60_000);

  it('begin at once with a file that another process received', async () => {
    const worker = new BatchTreasury(database.url).work();
    await office.finished(await office.receive(batch('warm', [payment('B0')])));
    const before = performance.now();
    await office.finished(await office.receive(batch('notified', [payment('B1')])));
    expect(performance.now() - before).toBeLessThan(4_000);
    await worker.close();
  });
});
