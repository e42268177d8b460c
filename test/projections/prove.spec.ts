import type { Proof } from '../../src/infrastructure/read-store/prove.js';
import { prove } from '../../src/infrastructure/read-store/prove.js';
import type { Projection } from '../../src/projections/projection.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import { paymentStories } from './support/payment-stories.js';
import type { ReadSide } from './support/read-side.js';
import { foreseen, newRelease } from './support/other-releases.js';
import { caughtUp, openReadSide, recordRaw, running } from './support/read-side.js';
import { contentOf, tell, workingSchemas } from './support/telling.js';

const first: Projection = reconciliation;
const stories = paymentStories(900, 7);

let side: ReadSide;
beforeEach(async () => { side = await openReadSide(); });
afterEach(() => side.close());

interface Victim { readonly payment_id: string; readonly line: number; readonly amount: string }
const nobody: Victim = { payment_id: '', line: -1, amount: '0' };

describe('a proof', () => {
  const proof = (): Promise<Proof> => prove({ ...side, projection: first });

  beforeEach(async () => {
    await tell(side, stories.slice(0, 200));
    await caughtUp(side, [first]);
  });

  it('says equal, how many rows, and a digest that a second proof repeats', async () => {
    const rows = (await contentOf(side, first)).split('\n').length;
    const one = await proof();
    expect(one).toEqual({
      projection: 'reconciliation', outcome: 'equal', position: await side.log.head(), rows,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(await proof()).toEqual(one);
    expect(await workingSchemas(side)).toEqual([]);
  });

  it('names the row and column that somebody tampered with', async () => {
    const { rows: [victim] } = await side.pool.query<Victim>(
      'UPDATE read.reconciliation SET amount = amount + 1 WHERE (payment_id, line) = '
      + '(SELECT payment_id, line FROM read.reconciliation ORDER BY payment_id OFFSET 20 LIMIT 1) '
      + 'RETURNING payment_id, line, amount');
    const { payment_id, line, amount } = victim ?? nobody;
    expect(await proof()).toMatchObject({
      outcome: 'different',
      first: {
        kind: 'changed', key: { payment_id, line },
        columns: [{ column: 'amount', live: Number(amount), rebuilt: Number(amount) - 1 }],
      },
    });
    expect(await workingSchemas(side)).toEqual([]);
  });

  it('names a row that was taken away', async () => {
    const { rows: [victim] } = await side.pool.query<object>(
      'DELETE FROM read.reconciliation WHERE (payment_id, line) = '
      + '(SELECT payment_id, line FROM read.reconciliation ORDER BY payment_id OFFSET 20 LIMIT 1) '
      + 'RETURNING payment_id, line');
    expect(await proof()).toMatchObject({ outcome: 'different', first: { kind: 'missing', key: victim } });
  });

  it('names a row that was put in', async () => {
    const payment_id = '00000000-0000-4000-8000-000000000000';
    await side.pool.query(`
      CREATE TEMP TABLE copied AS SELECT * FROM read.reconciliation LIMIT 1;
      UPDATE copied SET payment_id = '${payment_id}', line = 0;
      INSERT INTO read.reconciliation TABLE copied`);
    expect(await proof()).toMatchObject({
      outcome: 'different', first: { kind: 'extra', key: { payment_id, line: 0 } },
    });
  });

  it('names the first of several differences, in the order of the key', async () => {
    await side.pool.query("UPDATE read.reconciliation SET purpose = purpose || ' '");
    const { rows: [lowest] } = await side.pool.query<object>(
      'SELECT payment_id, line FROM read.reconciliation ORDER BY payment_id, line LIMIT 1');
    expect(await proof()).toMatchObject({ first: { key: lowest, columns: [{ column: 'purpose' }] } });
  });

  it('holds while the projector works on and more facts arrive', async () => {
    const projectors = await running(side, [first]);
    const telling = tell(side, stories.slice(200, 900), 5);
    for (let round = 0; round < 3; round++) expect(await proof()).toMatchObject({ outcome: 'equal' });
    await telling;
    await projectors.stop();
    expect(projectors.reports.map(({ kind }) => kind)).not.toContain('trouble');
  }, 60_000);

  it('says where it ends, and nothing of the table, at a fact of an unknown name', async () => {
    const position = await recordRaw(side.store, foreseen);
    await caughtUp(newRelease(side), [first]);
    await expect(proof()).rejects
      .toMatchObject({ name: 'UnreadableFact', why: 'unknown-name', place: { position } });
    expect(await workingSchemas(side)).toEqual([]);
  });

  it('does not compare with a table of another version', async () => {
    expect(await prove({ ...side, projection: { ...first, version: 2 } })).toMatchObject({
      outcome: 'other-version', liveVersion: 1, version: 2,
    });
  });
});
