import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EventLog } from '../../src/application/event-log.js';
import { generateBatch } from '../../src/infrastructure/demo/demo-batch.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { bankCodes, BatchTreasury } from '../batches/batch-treasury.js';
import { problemsOf } from '../batches/expected-facts.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import type { Place } from '../support/kurrent/places.js';
import { kindsOfPlaces } from '../support/kurrent/places.js';

/** Three chunks, the third with later statuses of payments in the others. */
const linesPerChunk = 150;
const payments = 400;
/** Others than those of earlier runs: a real server remembers. */
let nextSeed = randomInt(1, 2 ** 30);

const isPayment = (stream: string): boolean => /^payment-(?!batch-)/.test(stream);

/** When the process is killed: at a write that the server is just about to do. */
type Moment = (streamWritten: string) => boolean;
const atPayment = (number: number): Moment => {
  let written = 0;
  return (stream) => isPayment(stream) && ++written === number;
};
/** The chunk's last write is the receipt that it is done: after its payments, before those of the next. */
const atReceiptAfterPayments = (number: number): Moment => {
  let written = 0;
  return (stream) => {
    if (isPayment(stream)) written++;
    return written >= number && stream.startsWith('receipt:');
  };
};

describe.each(kindsOfPlaces('kurrent-batch-crash'))('a batch over $name', ({ open, canBeSpoilt }) => {
  let place: Place;
  let database: TestDatabase;
  /** Receives and asks; never works. */
  let office: BatchTreasury;

  const treasury = (changed: { log?(log: EventLog): EventLog } = {}): BatchTreasury => {
    const store = openKurrentEventStore(place.url, { deadlineMs: 20_000 });
    return new BatchTreasury(database.url, { ...changed, store, linesPerChunk });
  };

  beforeAll(async () => {
    place = await open();
    database = await createTestDatabase();
    office = treasury();
    await office.importBankCodes();
  });
  afterAll(async () => {
    await office.close();
    await database.drop();
    await place.close();
  });

  function startProcess(): ChildProcess {
    const script = fileURLToPath(new URL('kurrent-batch-worker-process.ts', import.meta.url));
    const loader = new URL('../support/typescript-loader.mjs', import.meta.url).href;
    const parameters = [database.url, place.url, String(linesPerChunk)];
    return spawn(process.execPath, ['--import', loader, script, ...parameters], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }

  async function die(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    if (child.signalCode === null) await once(child, 'exit');
  }

  /** Killed by the server itself; a real one cannot be told to, so there it is when a chunk is recorded. */
  async function killed(deliveryId: string, moment: Moment): Promise<void> {
    const child = startProcess();
    const exit = once(child, 'exit');
    if (place.server) {
      const stream = { test: moment } as RegExp;
      const meanwhile = (): void => void child.kill('SIGKILL');
      place.server.faults.arm({ on: 'append', kind: 'none', stream, meanwhile });
      await exit;
    } else {
      while (((await office.intake.delivery(deliveryId))?.linesRecorded ?? 0) === 0) await sleep(5);
      await die(child);
    }
  }

  async function resumedAfter(moment: Moment, changed?: Parameters<typeof treasury>[0]) {
    const text = [...generateBatch({ payments, seed: nextSeed++, bankCodes })].join('');
    const deliveryId = await office.receive(text);
    await killed(deliveryId, moment);
    const left = await office.intake.delivery(deliveryId);
    const next = treasury(changed).work();
    const { outcome } = await next.finished(deliveryId);
    await next.close();
    return { left, problems: await problemsOf(office, text, outcome) };
  }

  it.each([
    ['before its first payment', atPayment(1)],
    ['in the middle of its first chunk', atPayment(90)],
    ['between the last payment of a chunk and word that it is done', atReceiptAfterPayments(linesPerChunk)],
    ['in the middle of a later chunk', atPayment(240)],
  ])('whose worker dies %s is recorded once by the next one, and counted right', async (_, moment) => {
    const { left, problems } = await resumedAfter(moment);
    if (canBeSpoilt) expect(left).toMatchObject({ phase: 'recording', outcome: null });
    expect(problems).toEqual([]);
  });

  // A real server may be killed after the last chunk, where there is nothing to notice.
  if (!canBeSpoilt) return;

  it('would not be, and this test notices, by a log that forgets which commands it has seen', async () => {
    const forgetful = (log: EventLog): EventLog => new Proxy(log, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== 'append') return value.bind(target) as unknown;
        const append: EventLog['append'] = (writes, meta) =>
          target.append(writes, { ...meta, commandId: randomUUID() });
        return append;
      },
    });
    const { problems } = await resumedAfter(atPayment(90), { log: forgetful });
    expect(problems).toContain('outcome');
  });
});
