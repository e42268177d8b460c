import type pg from 'pg';
import type { AppendResult } from '../../../application/event-log.js';
import { isRefusedByServer } from '../../postgres/connection-loss.js';
import { copyIn } from '../../postgres/copy-in.js';
import { streamKeyOf } from '../append-rules.js';
import type { WaitingAppend } from './append-queue.js';
import type { CopyRows, Expectation } from './copy-rows.js';
import { copyStatement } from './copy-rows.js';
import type { LogNames } from './log-names.js';

export type LargeAppend = WaitingAppend & { readonly rows: CopyRows };

interface Opened {
  readonly kind: 'granted' | 'replayed' | 'reused' | 'conflict';
  readonly base: string;
  readonly recorded_at_micros: string;
  readonly last_position: string | null;
  readonly write: number | null;
  readonly actual_revision: number | null;
}

/** One request, and so without parameters: the head is locked from here on, and every round trip counts. */
const openStatement = (values: readonly string[]): string => `BEGIN;
  SELECT kind, base, recorded_at_micros, last_position, write, actual_revision
  FROM log.open_bulk(${values.join(', ')})`;
const copyAndCommit = `${copyStatement}; COMMIT`;
const uniqueViolation = '23505';
const streamConstraint = 'events_stream';

/** One large append: judged under the locked head, its rows by COPY, everything in one transaction. */
export async function appendBulk(
  client: pg.ClientBase, append: LargeAppend, names: LogNames,
): Promise<AppendResult> {
  try {
    const opened = await open(client, append, names);
    if (opened.kind !== 'granted') {
      await client.query('ROLLBACK');
      return refusalOf(opened, append.rows.checked);
    }
    append.rows.place(BigInt(opened.base), BigInt(opened.recorded_at_micros));
    await copyIn(client, copyAndCommit, [append.rows.bytes]);
    return { kind: 'appended', position: opened.last_position, replayed: false };
  } catch (error) {
    if (!isRefusedByServer(error)) throw error;
    await client.query('ROLLBACK');
    const conflict = error.code === uniqueViolation && error.constraint === streamConstraint;
    if (!conflict) throw error;
    return (await existingAmong(client, append.rows.created, names)) ?? Promise.reject(error);
  }
}

async function open(client: pg.ClientBase, append: LargeAppend, names: LogNames): Promise<Opened> {
  const { meta, events, rows: { checked } } = append;
  const values = [
    meta.commandId, meta.fingerprint, String(events), ...keyArrays(checked, names),
    `{${checked.map(({ expectedRevision }) => expectedRevision).join(',')}}`,
  ];
  const text = openStatement(values.map((value) => client.escapeLiteral(value)));
  // Of two statements `pg` answers two results.
  const [, { rows: [opened] }] = await client.query(text) as unknown as [unknown, pg.QueryResult<Opened>];
  if (!opened) throw new Error('log.open_bulk answered nothing');
  return opened;
}

/** Stream uuids and category numbers as array literals; neither needs quoting. */
function keyArrays(writes: readonly Expectation[], names: LogNames): [string, string] {
  const keys = writes.map(({ stream }) => streamKeyOf(stream));
  const categories = keys.map(({ category }) => names.categories.codeOf(category));
  return [`{${keys.map(({ uuid }) => uuid).join(',')}}`, `{${categories.join(',')}}`];
}

function refusalOf(opened: Opened, checked: readonly Expectation[]): AppendResult {
  if (opened.kind === 'reused') return { kind: 'command-id-reused' };
  if (opened.kind === 'replayed') return { kind: 'appended', position: opened.last_position, replayed: true };
  const stream = checked[Number(opened.write) - 1]?.stream ?? '';
  return { kind: 'conflict', stream, actualRevision: Number(opened.actual_revision) };
}

/**
 * Which of the streams that were to be new already exists: the index told that one does, not at which
 * revision.
 */
async function existingAmong(
  client: pg.ClientBase, writes: readonly Expectation[], names: LogNames,
): Promise<AppendResult | null> {
  const { rows: [found] } = await client.query<{ write: number; revision: number }>(
    `SELECT w.ord::int AS write, latest.revision
     FROM unnest($1::uuid[], $2::smallint[]) WITH ORDINALITY AS w (stream, category, ord)
     CROSS JOIN LATERAL (
       SELECT e.revision FROM log.events e WHERE e.stream = w.stream AND e.category = w.category
       ORDER BY e.revision DESC LIMIT 1
     ) latest ORDER BY w.ord LIMIT 1`,
    keyArrays(writes, names),
  );
  const stream = found && writes[found.write - 1]?.stream;
  return stream ? { kind: 'conflict', stream, actualRevision: found.revision } : null;
}
