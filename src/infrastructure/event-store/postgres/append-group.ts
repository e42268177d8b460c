import type pg from 'pg';
import type { AppendResult } from '../../../application/event-log.js';
import { isPassing, isRefusedByServer } from '../../postgres/connection-loss.js';
import type { WaitingAppend } from './append-queue.js';
import { GroupColumns } from './group-columns.js';
import type { LogNames } from './log-names.js';

/**
 * Stores a group in which nothing is wrong, at two thirds of what judging it costs. Who follows an event
 * finds it there; that nobody else has followed it, or used the command id, the unique indexes know. Where
 * something is wrong it stores nothing: it answers no row, or is refused. Locking the head comes first, as
 * everywhere: the inserts wait for the row it answers.
 */
const presumeAllIsWell = {
  name: 'append-presumed',
  text: `WITH head AS (
    UPDATE log.head SET position = position + cardinality($11::uuid[])
    WHERE NOT EXISTS (
      SELECT FROM unnest($5::uuid[], $6::smallint[], $7::int[]) AS f (stream, category, revision)
      WHERE NOT EXISTS (
        SELECT FROM log.events e
        WHERE e.stream = f.stream AND e.category = f.category AND e.revision = f.revision))
    RETURNING position, position - cardinality($11::uuid[]) AS base
  ), appends AS (
    INSERT INTO log.appends (command_id, fingerprint, first_position, last_position)
    SELECT a.command_id, a.fingerprint, base + a.upto - a.events + 1, base + a.upto
    FROM head, unnest($1::uuid[], string_to_array($2, E'\\x1f'), $3::int[], $4::int[])
      AS a (command_id, fingerprint, events, upto)
  ), events AS (
    INSERT INTO log.events
      (position, stream, category, revision, id, type, version, payload, metadata)
    SELECT base + e.ord, e.stream, e.category, e.revision, e.id, e.type, e.version,
           e.payload::json, e.metadata::json
    FROM head, unnest($8::uuid[], $9::smallint[], $10::int[], $11::uuid[], $12::smallint[], $13::smallint[],
                      string_to_array($14, E'\\x1f'), string_to_array($15, E'\\x1f')) WITH ORDINALITY
      AS e (stream, category, revision, id, type, version, payload, metadata, ord)
  )
  SELECT base, pg_notify('log_appended', position::text) FROM head`,
};

const judgeEach = {
  name: 'append-judged',
  text: `SELECT append, kind, last_position, write, actual_revision FROM log.append_group(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
};

interface VerdictRow {
  readonly append: number;
  readonly kind: 'appended' | 'replayed' | 'reused' | 'conflict';
  readonly last_position: string | null;
  readonly write: number | null;
  readonly actual_revision: number | null;
}

/** Many small appends in one round trip and one transaction; each is answered for itself. */
export async function appendGroup(
  client: pg.ClientBase, group: readonly WaitingAppend[], names: LogNames,
): Promise<readonly AppendResult[]> {
  const columns = new GroupColumns(group, names);
  let position = group.every(addsToEachStream) ? await storedAfter(client, columns) : undefined;
  if (position === undefined) return judged(client, columns);
  const results: AppendResult[] = [];
  for (const { events } of group) {
    position += BigInt(events);
    results.push({ kind: 'appended', position: position.toString(), replayed: false });
  }
  return results;
}

/** Who adds nothing to a stream has no place in the index that could be taken. */
const addsToEachStream = ({ events, writes }: WaitingAppend): boolean =>
  events > 0 && writes.every((write) => write.events.length > 0);

/** The position before the group's first; none where it was not stored. */
async function storedAfter(client: pg.ClientBase, columns: GroupColumns): Promise<bigint | undefined> {
  try {
    const { rows: [stored] } = await client.query<{ base: string }>({
      ...presumeAllIsWell, values: columns.presumed(),
    });
    return stored && BigInt(stored.base);
  } catch (error) {
    if (isRefusedByServer(error) && !isPassing(error)) return undefined;
    throw error;
  }
}

async function judged(client: pg.ClientBase, columns: GroupColumns): Promise<AppendResult[]> {
  const { rows } = await client.query<VerdictRow>({ ...judgeEach, values: columns.judged() });
  const results: AppendResult[] = [];
  for (const row of rows) results[row.append - 1] = resultOf(row, columns.streams);
  return results;
}

function resultOf(row: VerdictRow, streams: readonly string[]): AppendResult {
  switch (row.kind) {
    case 'appended': return { kind: 'appended', position: row.last_position, replayed: false };
    case 'replayed': return { kind: 'appended', position: row.last_position, replayed: true };
    case 'reused': return { kind: 'command-id-reused' };
    case 'conflict': {
      const stream = streams[Number(row.write) - 1] ?? '';
      return { kind: 'conflict', stream, actualRevision: Number(row.actual_revision) };
    }
  }
}
