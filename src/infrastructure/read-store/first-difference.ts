import type { ClientBase } from 'pg';
import type { Cell } from '../../projections/projection.js';
import { longStatement } from './long-statement.js';
import type { ReadTable } from './read-table.js';

/** The first row, in the key's order, that is not the same on both sides. */
export interface Difference {
  /** `missing`: the log says it is there, the live table lacks it. `extra`: the other way round. */
  readonly kind: 'missing' | 'extra' | 'changed';
  readonly key: Readonly<Record<string, Cell>>;
  readonly columns: readonly { readonly column: string; readonly live: Cell; readonly rebuilt: Cell }[];
}

type Cells = Readonly<Record<string, string | null>>;

/**
 * Rows are compared as PostgreSQL writes them, so two values that only count as equal are a difference too.
 */
const sql = (live: ReadTable, rebuilt: ReadTable): string => `
  SELECT row_to_json(l)::text AS live, row_to_json(r)::text AS rebuilt
  FROM ${live.name} AS l FULL JOIN ${rebuilt.name} AS r USING (${live.primaryKey})
  WHERE l::text IS DISTINCT FROM r::text
  ORDER BY ${live.primaryKey}
  LIMIT 1`;

export async function firstDifference(
  client: ClientBase, live: ReadTable, rebuilt: ReadTable,
): Promise<Difference> {
  const { rows } = await client.query<{ live: string | null; rebuilt: string | null }>(
    { text: sql(live, rebuilt), ...longStatement });
  if (!rows[0]) throw new Error(`${live.name} differs from ${rebuilt.name}, yet no row does`);
  return differenceOf(live, parsed(rows[0].live), parsed(rows[0].rebuilt));
}

const parsed = (json: string | null): Cells | null => (json === null ? null : (JSON.parse(json) as Cells));

function differenceOf(table: ReadTable, live: Cells | null, rebuilt: Cells | null): Difference {
  const { columns, projection } = table;
  const either = live ?? rebuilt ?? {};
  const key = Object.fromEntries(projection.primaryKey.map((column) => [column, either[column] ?? null]));
  if (!live) return { kind: 'missing', key, columns: [] };
  if (!rebuilt) return { kind: 'extra', key, columns: [] };
  const different = columns.filter((column) => live[column] !== rebuilt[column]);
  return {
    kind: 'changed', key,
    columns: different.map((column) => ({
      column, live: live[column] ?? null, rebuilt: rebuilt[column] ?? null,
    })),
  };
}
