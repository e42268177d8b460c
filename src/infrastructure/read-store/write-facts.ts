import type { ClientBase } from 'pg';
import type { StoredFact } from '../../application/event-log.js';
import { idOfStream } from '../../application/stream-names.js';
import type { Cell, Row } from '../../projections/projection.js';
import { copyIn } from '../postgres/copy-in.js';
import { longStatement } from './long-statement.js';
import type { ReadTable } from './read-table.js';
import { RowLines } from './row-lines.js';

/** `evolve` threw: a bug, or a log that says what cannot be. The projector stops here and says where. */
export class FoldFailed extends Error {
  override readonly name = 'FoldFailed';
  constructor(readonly fact: StoredFact, projection: string, cause: unknown) {
    const { type, position, stream } = fact;
    super(`${projection} cannot take in ${type} at position ${position} of ${stream}`, { cause });
  }
}

interface Group { readonly facts: StoredFact[]; readonly isNew: boolean }

/** Facts by the group they touch. */
type Groups = ReadonlyMap<string, Group>;

/** A row as it stands in the table; `ctid` is its address, good until our own transaction ends. */
interface Standing { readonly ctid: string; readonly row: Row }

interface Changes { readonly gone: string[]; readonly fresh: Row[] }

/**
 * Loads the groups that the facts touch, folds in memory, and writes only the rows that changed: removed by
 * their address, added by COPY. The caller's transaction makes it one step, and sees to it that nobody else
 * writes the table.
 */
export async function writeFacts(
  client: ClientBase, table: ReadTable, facts: readonly StoredFact[],
): Promise<void> {
  const groups = groupsOf(table, facts);
  const known = [...groups].filter(([, { isNew }]) => !isNew).map(([key]) => key);
  const standing = known.length > 0 ? await loadGroups(client, table, known) : new Map<string, Standing[]>();
  const { gone, fresh } = changesOf(table, groups, standing);
  if (gone.length > 0) await client.query(`DELETE FROM ${table.name} WHERE ctid = ANY ($1::tid[])`, [gone]);
  if (fresh.length > 0) await copyIn(client, table.copySql, linesOf(table, fresh), longStatement);
}

function* linesOf(table: ReadTable, rows: readonly Row[]): Generator<Buffer> {
  const lines = new RowLines(table);
  for (const row of rows) {
    lines.add(row);
    if (lines.isFull) yield lines.take();
  }
  yield lines.take();
}

/** A stream's first fact begins the group that bears its id: nothing can have been written of it before. */
export const beginsGroup = (fact: StoredFact, group: string): boolean =>
  fact.revision === 0 && idOfStream(fact.stream) === group;

function groupsOf({ projection }: ReadTable, facts: readonly StoredFact[]): Groups {
  const groups = new Map<string, Group>();
  for (const fact of facts) {
    const key = projection.groupOf(fact);
    const group = groups.get(key);
    if (group) group.facts.push(fact);
    else groups.set(key, { facts: [fact], isNew: beginsGroup(fact, key) });
  }
  return groups;
}

async function loadGroups(
  client: ClientBase, table: ReadTable, keys: readonly string[],
): Promise<ReadonlyMap<string, Standing[]>> {
  const { rows } = await client.query<[string, ...Cell[]]>({
    text: table.loadSql, values: [keys], rowMode: 'array',
  });
  const groups = new Map<string, Standing[]>();
  for (const [ctid, ...cells] of rows) {
    const row = table.rowFrom(cells);
    const key = String(row[table.projection.groupColumn]);
    const group = groups.get(key);
    if (group) group.push({ ctid, row });
    else groups.set(key, [{ ctid, row }]);
  }
  return groups;
}

function changesOf(table: ReadTable, groups: Groups, standing: ReadonlyMap<string, Standing[]>): Changes {
  const changes: Changes = { gone: [], fresh: [] };
  for (const [key, { facts }] of groups) {
    const before = standing.get(key) ?? [];
    let rows: readonly Row[] = before.map(({ row }) => row);
    for (const fact of facts) rows = evolved(table, rows, fact);
    addChanges(changes, before, rows);
  }
  return changes;
}

/** A row that `evolve` hands on untouched is the same object: it stays where it is. */
function addChanges({ gone, fresh }: Changes, before: readonly Standing[], rows: readonly Row[]): void {
  const after = before.length > 0 ? new Set(rows) : null;
  for (const { ctid, row } of before) if (!after?.delete(row)) gone.push(ctid);
  for (const row of after ?? rows) fresh.push(row);
}

export function evolved({ projection }: ReadTable, rows: readonly Row[], fact: StoredFact): readonly Row[] {
  try {
    return projection.evolve(rows, fact);
  } catch (error) {
    throw new FoldFailed(fact, projection.name, error);
  }
}
