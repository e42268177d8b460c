import fc from 'fast-check';
import type { Pool } from 'pg';
import { copyIn } from '../../src/infrastructure/postgres/copy-in.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { ReadTable } from '../../src/infrastructure/read-store/read-table.js';
import { RowLines } from '../../src/infrastructure/read-store/row-lines.js';
import type { Projection } from '../../src/projections/projection.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';

type Line = { readonly number: number; readonly free: string; readonly perhaps: string | null };

const lines: Projection<Line, never> = {
  name: 'lines', version: 1,
  columns: { number: 'integer', free: 'text', perhaps: 'code' },
  nullable: ['perhaps'], primaryKey: ['number'], groupColumn: 'number',
  indexes: {}, rowsFor: { person: 'none', staff: 'all' }, sees: [], groupOf: () => '', evolve: (rows) => rows,
};
const table = new ReadTable(lines, 'public');

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'row lines', maxConnections: 1 });
  await pool.query(table.createSql);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function* chunksOf(rows: readonly Line[]): Generator<Buffer> {
  const encoded = new RowLines(table);
  for (const row of rows) {
    encoded.add(row);
    if (encoded.isFull) yield encoded.take();
  }
  yield encoded.take();
}

async function storedAs(rows: readonly Line[]): Promise<Line[]> {
  const client = await pool.connect();
  try {
    await client.query('TRUNCATE lines');
    await copyIn(client, table.copySql, chunksOf(rows));
    return (await client.query<Line>('SELECT * FROM lines ORDER BY number')).rows;
  } finally {
    client.release();
  }
}

describe('a row on its way into a table', () => {
  const character = fc.oneof(
    fc.constantFrom('\\', '\t', '\n', '\r', '\b', '\f', '\v', 'N', '.', ' ', 'é', '國', '庫', '𠮷', '💴',
      '\u07ff', '\u0800', '\uffff', '\u0001'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter((text) => !text.includes('\0')));
  const text = fc.array(character, { maxLength: 12 }).map((characters) => characters.join(''));

  it('arrives as it is, whatever its texts hold', async () => {
    const cells = fc.tuple(text, fc.option(text));
    await fc.assert(fc.asyncProperty(fc.array(cells, { minLength: 1, maxLength: 40 }), async (all) => {
      const rows = all.map(([free, perhaps], number) => ({ number, free, perhaps }));
      expect(await storedAs(rows)).toEqual(rows);
    }), { numRuns: 60 });
  });

  it('arrives as it is, however long', async () => {
    const rows = [1, 60_000, 70_000, 200_000, 3, 400_000].map((length, number) =>
      ({ number, free: '庫'.repeat(length), perhaps: '\\'.repeat(length / 10) }));
    expect(await storedAs(rows)).toEqual(rows);
  });

  it('goes only whole: a missing cell is a mistake, not a null', () => {
    expect(() => { new RowLines(table).add({ number: 1, free: 'x' }); }).toThrow('a row without perhaps');
  });
});
