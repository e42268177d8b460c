import type { EventLog } from '../../src/application/event-log.js';
import { DomainEventLog } from '../../src/infrastructure/event-store/domain-event-log.js';
import { readCheckpoint } from '../../src/infrastructure/read-store/checkpoints.js';
import { slowStops } from './support/backends.js';
import { countedFacts, newPayments } from './support/counted-facts.js';
import { foreseen, newRelease, wanting } from './support/other-releases.js';
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

async function start(log: EventLog = side.log): Promise<Running> {
  const projectors = await running({ pool: side.pool, log }, [countedFacts]);
  started.push(projectors);
  return projectors;
}

const arrives = async (): Promise<boolean> =>
  side.readStore.waitFor(countedFacts.name, await side.log.head(), 20_000);
const counted = async (): Promise<number> => {
  const { rows } = await side.pool.query<{ facts: number }>(
    'SELECT sum(facts)::int AS facts FROM read.counted_facts');
  return rows[0]?.facts ?? 0;
};
const kinds = ({ reports }: Running): string[] => reports.map(({ kind }) => kind);

describe('a fact whose name this release has never heard of', () => {
  const { type } = foreseen;

  beforeEach(() => record(side.log, newPayments(5)));

  it('stops a table of other facts too, with everything before it taken in and nothing after', async () => {
    const projectors = await start();
    await arrives();
    await record(side.log, newPayments(5));
    const position = await recordRaw(side.store, foreseen);
    await record(side.log, newPayments(5));
    await until('it stopped', () => kinds(projectors).includes('stopped'));
    const { stopped, position: reached } = (await readCheckpoint(side.pool, countedFacts.name)) ?? {};
    expect(stopped).toMatchObject({ position, type, stream: expect.stringMatching(/^payment-/) as string });
    expect(stopped?.why).toContain('unknown-name');
    expect(reached).toBe('10');
    expect(await counted()).toBe(10);
  });

  it('is taken in by a waiting process that knows it, and nothing says stopped any more', async () => {
    const before = await start();
    await arrives();
    const after = await start(newRelease(side).log);
    await slowStops(side);
    await recordRaw(side.store, foreseen);
    await record(side.log, newPayments(5));
    await until('the old one stopped', () => kinds(before).includes('stopped'));
    expect(await arrives()).toBe(true);
    expect(await counted()).toBe(11);
    expect(kinds(after)).toEqual(['started']);
    expect((await readCheckpoint(side.pool, countedFacts.name))?.stopped).toBeNull();
  });

  // The bug that these tests are about, so that they are known to see it.
  it('would be passed over in silence, were the log asked for the facts of the table by name', async () => {
    const careless = new DomainEventLog(wanting(side.store, countedFacts), side.keys);
    const projectors = await start(careless);
    await arrives();
    await recordRaw(side.store, foreseen);
    expect(await arrives()).toBe(true);
    expect(kinds(projectors)).not.toContain('stopped');
    expect(await counted()).toBe(5);
  });
});
