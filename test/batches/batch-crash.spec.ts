import { randomUUID } from 'node:crypto';
import type { EventLog } from '../../src/application/event-log.js';
import { generateBatch } from '../../src/infrastructure/demo/demo-batch.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { bankCodes, BatchTreasury } from './batch-treasury.js';
import { problemsOf } from './expected-facts.js';
import type { LastWords } from './mortal-connection.js';
import { MortalConnection } from './mortal-connection.js';

/** Several chunks, some of them with later statuses of payments in earlier ones. */
const linesPerChunk = 20;
/** Who takes a file up may be a release that cuts files otherwise. */
const linesOfSuccessor = 7;
const payments = 60;
const lookAgainMs = 5;

let database: TestDatabase;
let survivor: BatchTreasury;
const closing: Promise<unknown>[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  survivor = new BatchTreasury(database.url, { linesPerChunk });
  await survivor.importBankCodes();
});
afterAll(async () => {
  await survivor.close();
  await Promise.all(closing);
  await database.drop();
}, 120_000);

interface Run { readonly died: boolean; readonly problems: readonly string[] }
type Changed = (log: EventLog) => EventLog;

/** One process works on a fresh batch and dies at its n-th request; another takes up what it left. */
async function dieAt(at: number, lastWords: LastWords, changed?: Changed): Promise<Run> {
  const text = [...generateBatch({ payments, seed: nextSeed++, bankCodes })].join('');
  const deliveryId = await survivor.receive(text);
  const mortal = await MortalConnection.before(database.url, { at, lastWords });
  const first = new BatchTreasury(mortal.url, { linesPerChunk, log: changed }).work();
  await Promise.race([mortal.death, survivor.intake.waitForOutcome(deliveryId, 30_000)]);
  const second = new BatchTreasury(
    database.url, { linesPerChunk: linesOfSuccessor, log: changed }).work();
  // It takes over as soon as the database has noticed the death, not only at its next look.
  const looking = setInterval(() => second.worker.wake(), lookAgainMs);
  try {
    const { outcome } = await second.finished(deliveryId);
    return { died: mortal.dead, problems: await problemsOf(survivor, text, outcome) };
  } finally {
    clearInterval(looking);
    await second.close();
    closing.push(first.close().finally(() => mortal.close()));
  }
}
let nextSeed = 1;

/** Dies at every request in turn, until a run is over before its time has come. */
async function dieEverywhere(
  lastWords: LastWords, changed?: Changed,
): Promise<{ steps: number; problems: string[] }> {
  for (let step = 1; ; step++) {
    const { died, problems } = await dieAt(step, lastWords, changed);
    if (problems.length > 0) return { steps: step, problems: [`at request ${step}: ${problems.join()}`] };
    if (!died) return { steps: step - 1, problems: [] };
  }
}

describe('a worker that dies between any two steps', () => {
  it('without incident, leaves what the file says', async () => {
    expect(await dieAt(Number.MAX_SAFE_INTEGER, 'request')).toEqual({ died: false, problems: [] });
  });

  it.each(['request', 'reply'] as const)('leaves no trace when its last %s gets lost', async (lastWords) => {
    const { steps, problems } = await dieEverywhere(lastWords);
    expect(problems).toEqual([]);
    expect(steps).toBeGreaterThan(40);
  }, 600_000);
});

/** The log with one promise broken. */
const withAppend = (append: (log: EventLog) => EventLog['append']): Changed => (log) =>
  new Proxy(log, {
    get(target, name) {
      if (name === 'append') return append(target);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });

describe('the test of dying workers notices', () => {
  it('a log that forgets which commands it has seen', async () => {
    const forgetful = withAppend((log) => (writes, meta) =>
      log.append(writes, { ...meta, commandId: randomUUID() }));
    expect((await dieEverywhere('reply', forgetful)).problems).not.toEqual([]);
  }, 600_000);

  it('a log that answers before it has stored anything', async () => {
    const hasty = withAppend((log) => (writes, meta) => {
      const isChunk = writes.some(({ stream }) => stream.startsWith('payment-') && writes.length > 1);
      if (!isChunk) return log.append(writes, meta);
      log.append(writes, meta).catch(() => undefined);
      return Promise.resolve({ kind: 'appended', position: '1', replayed: false });
    });
    expect((await dieEverywhere('request', hasty)).problems).not.toEqual([]);
  }, 600_000);
});
