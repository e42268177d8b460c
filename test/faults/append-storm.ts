import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { AppendResult } from '../../src/application/event-log.js';
import type { EncodedMeta, EventStore } from '../../src/infrastructure/event-store/event-store.js';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import { eventsOf, newMeta, newStream, writeOf } from '../contract/sample-appends.js';

type Append = EventStore['append'];

interface Command {
  readonly meta: EncodedMeta;
  readonly stream: string;
  readonly expected: number;
  readonly count: number;
}
interface Told { readonly command: Command; readonly result: AppendResult }

/** Small ones share groups, large ones go by COPY: every twentieth. */
const sizeOf = (n: number): number => (n % 20 === 7 ? 600 : 1 + n % 3);

/** What callers do at once: shared streams and fresh ones, and the same command from two of them. */
export class Storm {
  readonly told: Told[] = [];
  private readonly shared = Array.from({ length: 5 }, () => newStream());
  /** As far as anybody has heard: often behind, so that there are conflicts. */
  private readonly heard = new Map<string, number>();
  private latest: Command | undefined;
  private isOver = false;
  private asked = 0;

  end(): void {
    this.isOver = true;
  }

  async caller(append: Append): Promise<void> {
    while (!this.isOver) {
      const command = this.next();
      const result = await settled(append, command);
      this.told.push({ command, result });
      if (result.kind === 'conflict') this.heard.set(result.stream, result.actualRevision);
      else this.heard.set(command.stream, command.expected + command.count);
    }
  }

  private next(): Command {
    const n = this.asked++;
    if (n % 9 === 4 && this.latest) return this.latest;
    const stream = n % 2 === 0 ? this.shared[n % this.shared.length] ?? '' : newStream();
    const expected = this.heard.get(stream) ?? -1;
    return this.latest = { meta: newMeta({ commandId: randomUUID() }), stream, expected, count: sizeOf(n) };
  }
}

/** Asked again, as callers do, until it is known what became of it. */
async function settled(append: Append, { meta, stream, expected, count }: Command): Promise<AppendResult> {
  const writes = [writeOf({ stream, expected, count }, meta)];
  for (;;) {
    try {
      const result = await append(writes, meta);
      if (result.kind !== 'unknown') return result;
    } catch (error) {
      if (!(error instanceof StoreBusy)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What the log holds that nobody was told, or lacks that somebody was. */
export async function discrepancies(url: string, told: readonly Told[]): Promise<string[]> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ position: string; id: string; revision: number; stream: string }>(
    'SELECT position, id, revision, stream FROM log.events ORDER BY position');
  const { rows: [head] } = await client.query<{ position: string }>('SELECT position FROM log.head');
  await client.end();
  const found: string[] = [];
  if (head?.position !== String(rows.length)) found.push(`head ${head?.position}, ${rows.length} facts`);
  if (rows.some(({ position }, index) => position !== String(index + 1))) found.push('positions not dense');
  const unaccounted = new Set(rows.keys());
  for (const { command: { meta, stream, expected, count }, result } of told) {
    if (result.kind !== 'appended') continue;
    const first = Number(result.position) - count;
    for (const [index, { id }] of eventsOf(meta, count).entries()) {
      const row = rows[first + index];
      unaccounted.delete(first + index);
      const isThere = row?.id === id && stream.endsWith(row.stream) && row.revision === expected + 1 + index;
      if (!isThere) found.push(`not at ${first + index + 1}: fact ${index} of ${meta.commandId}`);
    }
  }
  if (unaccounted.size > 0) found.push(`${unaccounted.size} facts nobody was told of`);
  return found;
}
