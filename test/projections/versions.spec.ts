import { readCheckpoint } from '../../src/infrastructure/read-store/checkpoints.js';
import { rebuild } from '../../src/infrastructure/read-store/rebuild.js';
import type { Projection } from '../../src/projections/projection.js';
import { countedFacts, newPayments } from './support/counted-facts.js';
import type { ReadSide, Running } from './support/read-side.js';
import { openReadSide, record, running, until } from './support/read-side.js';

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

async function start(projections: readonly Projection[] = [countedFacts]): Promise<Running> {
  const projectors = await running(side, projections);
  started.push(projectors);
  return projectors;
}

const arrives = async (): Promise<boolean> =>
  side.readStore.waitFor(countedFacts.name, await side.log.head(), 20_000);
const kinds = ({ reports }: Running): string[] => reports.map(({ kind }) => kind);

describe('a table of another version', () => {
  const second: Projection = {
    ...(countedFacts as unknown as Projection), version: 2,
    columns: { ...countedFacts.columns, twice: 'integer' },
    evolve: (rows, fact) => countedFacts.evolve(rows as never, fact as never)
      .map((row) => ({ ...row, twice: 2 * row.facts })),
  };

  it('is rebuilt when the projector starts', async () => {
    const old = await start();
    await record(side.log, newPayments(10));
    await arrives();
    await old.stop();
    const renewed = await start([second]);
    await until('it works', () => kinds(renewed).includes('started'));
    expect(kinds(renewed)).toEqual(['rebuilding', 'rebuilt', 'started']);
    await record(side.log, newPayments(10));
    expect(await arrives()).toBe(true);
    const { rows } = await side.pool.query(
      'SELECT sum(facts)::int AS once, sum(twice)::int AS twice FROM read.counted_facts');
    expect(rows).toEqual([{ once: 20, twice: 40 }]);
  });

  it('is not undone by processes of the version before, whether they worked or waited', async () => {
    const before = [await start(), await start()];
    await record(side.log, newPayments(10));
    await arrives();
    await rebuild({ ...side, projection: second });
    await record(side.log, newPayments(1));
    await until('both gave up', () => before.every((one) => kinds(one).includes('superseded')));
    expect((await readCheckpoint(side.pool, second.name))?.version).toBe(2);
    expect(before.flatMap(kinds).filter((kind) => kind === 'rebuilt')).toHaveLength(1);
  });

  it('is taken back by a process of the version before that is started after it', async () => {
    await rebuildOnceThere();
    const before = await start();
    await until('it works', () => kinds(before).includes('started'));
    expect(kinds(before)).toEqual(['rebuilding', 'rebuilt', 'started']);
    expect((await readCheckpoint(side.pool, second.name))?.version).toBe(1);
  });

  async function rebuildOnceThere(): Promise<void> {
    const renewed = await start([second]);
    await record(side.log, newPayments(10));
    await arrives();
    await renewed.stop();
  }
});
