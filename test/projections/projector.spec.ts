import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import { readCheckpoint } from '../../src/infrastructure/read-store/checkpoints.js';
import type { Projection } from '../../src/projections/projection.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import { killProjector, waitingForTable } from './support/backends.js';
import { countedFacts, newPayments } from './support/counted-facts.js';
import { gated, healing } from './support/faulty-log.js';
import type { ReadSide, Running } from './support/read-side.js';
import { openReadSide, record, recordRaw, running, until } from './support/read-side.js';

let side: ReadSide;
let started: Running[];

beforeEach(async () => {
  side = await openReadSide();
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((projectors) => projectors.stop()));
  await side.close();
});

async function start(projections: readonly Projection[] = [countedFacts], log = side.log): Promise<Running> {
  const projectors = await running({ pool: side.pool, log }, projections);
  started.push(projectors);
  return projectors;
}

const arrives = async (projection = countedFacts.name): Promise<boolean> =>
  side.readStore.waitFor(projection, await side.log.head(), 20_000);
const counted = async (): Promise<number> => {
  const { rows } = await side.pool.query<{ facts: number }>(
    'SELECT sum(facts)::int AS facts FROM read.counted_facts');
  return rows[0]?.facts ?? 0;
};
const kinds = ({ reports }: Running): string[] => reports.map(({ kind }) => kind);

describe('a projector', () => {
  it('fills a table from everything there is, and keeps it up with what comes', async () => {
    await record(side.log, newPayments(2_500));
    await start();
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(2_500);
    for (let round = 0; round < 5; round++) await record(side.log, newPayments(3));
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(2_515);
  });

  it('passes facts that are none of its own, so that nobody waits for them', async () => {
    await start([countedFacts, reconciliation]);
    const stream = 'applicant-5f0f7b8c-5a35-4f3c-9a68-0a4b2f0f3c11';
    const position = await record(side.log, new Map([[stream, [{
      type: 'ApplicantErased',
      data: { applicantId: stream.slice(-36), erasedBy: 'op', erasedAt: '2024-05-10T01:00:00.000Z' },
    }]]]));
    expect(await side.readStore.waitFor(countedFacts.name, position, 20_000)).toBe(true);
  });

  it('ends when it is told to, in the middle of nothing', async () => {
    const projectors = await start();
    await arrives();
    const asked = performance.now();
    await projectors.stop();
    expect(performance.now() - asked).toBeLessThan(5_000);
  });

  it('goes on after its connection died, without losing or doubling a fact', async () => {
    const projectors = await start();
    for (let round = 0; round < 6; round++) {
      await arrives();
      await record(side.log, newPayments(40));
      await killProjector(side);
    }
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(240);
    expect(kinds(projectors)).toContain('trouble');
  });

  it('goes on after its connection died in the middle of a batch', async () => {
    await start();
    await arrives();
    const holder = await side.pool.connect();
    try {
      // The batch has moved its checkpoint and waits for the table: half of it is done.
      await holder.query('BEGIN; LOCK TABLE read.counted_facts IN SHARE MODE');
      await record(side.log, newPayments(40));
      await until('the projector waits for the table', async () => (await waitingForTable(side)) > 0);
      await killProjector(side);
      await holder.query('COMMIT');
    } finally {
      holder.release();
    }
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(40);
  });
});

describe('a second projector', () => {
  it('waits while the first works, and takes over when it ends', async () => {
    const first = await start();
    await until('the first works', () => kinds(first).includes('started'));
    const second = await start();
    await record(side.log, newPayments(30));
    expect(await arrives()).toBe(true);
    expect(kinds(second)).toEqual([]);
    await first.stop();
    await record(side.log, newPayments(30));
    expect(await arrives()).toBe(true);
    expect(kinds(second)).toEqual(['started']);
    expect(await counted()).toBe(60);
  });

  it('is not disturbed by the first one waking up late', async () => {
    const gate = gated(side.log);
    try {
      const first = await start([countedFacts], gate.log);
      await record(side.log, newPayments(30));
      expect(await arrives()).toBe(true);
      gate.close();
      await record(side.log, newPayments(30));
      await until('the first holds a batch it has read', () => gate.isHolding());
      await killProjector(side);
      const second = await start();
      await until('the second works', () => kinds(second).includes('started'));
      expect(await arrives()).toBe(true);
      gate.open();
      await until('the first notices', () => kinds(first).includes('trouble'));
      await record(side.log, newPayments(30));
      expect(await arrives()).toBe(true);
      expect(await counted()).toBe(90);
      expect(kinds(first).filter((kind) => kind === 'started')).toHaveLength(1);
    } finally {
      gate.open();
    }
  });
});

describe('a fact that cannot be read', () => {
  const unreadable = '{"amount":"much"}';
  const badPayment = (): Promise<string> =>
    recordRaw(side.store, { type: 'PaymentRecorded', version: 2, payload: unreadable });

  beforeEach(() => record(side.log, newPayments(5)));

  it('stops the projector after everything before it, and tells operations where', async () => {
    const projectors = await start();
    await arrives();
    await record(side.log, newPayments(5));
    const position = await badPayment();
    await record(side.log, newPayments(5));
    await until('it stopped', () => kinds(projectors).includes('stopped'));
    const { stopped } = (await readCheckpoint(side.pool, countedFacts.name)) ?? {};
    expect(stopped).toMatchObject({ position, type: 'PaymentRecorded' });
    expect(stopped?.stream).toMatch(/^payment-/);
    expect(stopped?.why).toContain('schema-failed');
    expect(await counted()).toBe(10);
  });

  it('stops it also while the table is filled for the first time', async () => {
    const position = await badPayment();
    const projectors = await start();
    await until('it stopped', () => kinds(projectors).includes('stopped'));
    expect((await readCheckpoint(side.pool, countedFacts.name))?.stopped).toMatchObject({ position });
  });

  it('does not stop it for good: code that can read it goes on from there', async () => {
    const before = await start();
    await arrives();
    await badPayment();
    await record(side.log, newPayments(5));
    await until('it stopped', () => kinds(before).includes('stopped'));
    const [good] = newPayments(1).values();
    const healed = healing(
      side.store, { payload: unreadable }, { payload: JSON.stringify(good?.[0]?.data) });
    await start([countedFacts], new DomainEventLog(healed, undefined as never));
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(11);
    expect((await readCheckpoint(side.pool, countedFacts.name))?.stopped).toBeNull();
  });
});

it('a fact that cannot be folded stops the projector too', async () => {
  const strict: Projection = {
    ...(countedFacts as unknown as Projection),
    evolve: () => { throw new Error('this cannot be'); },
  };
  const position = await record(side.log, newPayments(1));
  const projectors = await start([strict]);
  await until('it stopped', () => kinds(projectors).includes('stopped'));
  expect((await readCheckpoint(side.pool, countedFacts.name))?.stopped).toMatchObject({ position });
});

describe('waiting for a position', () => {
  it('ends when the projection has passed it', async () => {
    await start();
    const position = await record(side.log, newPayments(1));
    expect(await side.readStore.waitFor(countedFacts.name, position, 20_000)).toBe(true);
    expect(await counted()).toBe(1);
  });

  it('gives up in time when it does not', async () => {
    const projectors = await start();
    await arrives();
    await projectors.stop();
    const position = await record(side.log, newPayments(1));
    const asked = performance.now();
    expect(await side.readStore.waitFor(countedFacts.name, position, 100)).toBe(false);
    expect(performance.now() - asked).toBeLessThan(2_000);
  });
});
