import type pg from 'pg';
import type { AppendResult } from '../../../application/event-log.js';
import { categoryOf, uuidOf } from '../append-rules.js';
import type { WaitingAppend } from './append-queue.js';
import type { LogNames } from './log-names.js';

/** No valid JSON, uuid or fingerprint contains it, so joined texts need no escaping. */
const separator = '\x1f';

const statement = {
  name: 'append-group',
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
): Promise<AppendResult[]> {
  const { values, streams } = parametersOf(group, names);
  const { rows } = await client.query<VerdictRow>({ ...statement, values });
  const results: AppendResult[] = [];
  for (const row of rows) results[row.append - 1] = resultOf(row, streams);
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

/** The columns of `log.append_group`'s arrays, in its order of parameters. */
class Columns {
  readonly commandIds: string[] = [];
  readonly fingerprints: string[] = [];
  readonly eventCounts: number[] = [];
  readonly write = {
    append: [] as number[], stream: [] as string[], category: [] as number[], expected: [] as number[],
  };
  readonly event = {
    append: [] as number[], index: [] as number[], stream: [] as string[], category: [] as number[],
    revision: [] as number[], id: [] as string[], type: [] as number[], version: [] as number[],
  };
  readonly payloads: string[] = [];
  readonly metadata: string[] = [];

  values(): string[] {
    return [
      arrayOf(this.commandIds), this.fingerprints.join(separator), arrayOf(this.eventCounts),
      ...Object.values(this.write).map(arrayOf), ...Object.values(this.event).map(arrayOf),
      this.payloads.join(separator), this.metadata.join(separator),
    ];
  }
}

/** Numbers and uuids only: nothing in them needs quoting. */
const arrayOf = (items: readonly (string | number)[]): string => `{${items.join(',')}}`;

function parametersOf(
  group: readonly WaitingAppend[], names: LogNames,
): { values: string[]; streams: string[] } {
  const columns = new Columns();
  const streams: string[] = [];
  for (const [index, { writes, meta, events }] of group.entries()) {
    columns.commandIds.push(meta.commandId);
    columns.fingerprints.push(meta.fingerprint);
    columns.eventCounts.push(events);
    let indexInAppend = 0;
    for (const { stream, expectedRevision, events: added } of writes) {
      const uuid = uuidOf(stream);
      const category = names.categories.codeOf(categoryOf(stream));
      streams.push(stream);
      columns.write.append.push(index + 1);
      columns.write.stream.push(uuid);
      columns.write.category.push(category);
      columns.write.expected.push(expectedRevision);
      for (const [offset, event] of added.entries()) {
        columns.event.append.push(index + 1);
        columns.event.index.push(++indexInAppend);
        columns.event.stream.push(uuid);
        columns.event.category.push(category);
        columns.event.revision.push(expectedRevision + 1 + offset);
        columns.event.id.push(event.id);
        columns.event.type.push(names.types.codeOf(event.type));
        columns.event.version.push(event.version);
        columns.payloads.push(event.payload);
        columns.metadata.push(meta.metadata);
      }
    }
  }
  return { values: columns.values(), streams };
}
