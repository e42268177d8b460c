import type pg from 'pg';
import type { AppendResult, CaughtUp, Position, StreamName } from '../../../application/event-log.js';
import { isConnectionLoss, retryOnConnectionLoss } from '../../postgres/connection-loss.js';
import { createPool } from '../../postgres/pool.js';
import { assertAppendable, countEvents } from '../append-rules.js';
import type {
  EncodedMeta, EncodedWrite, EventStore, RecordedEvent, StoreReadOptions, StoreSubscribeOptions,
} from '../event-store.js';
import type { LargeAppend } from './append-bulk.js';
import { appendBulk } from './append-bulk.js';
import { appendGroup } from './append-group.js';
import { CopyRows } from './copy-rows.js';
import { EventPages } from './event-pages.js';
import { EventReader } from './event-reader.js';
import { HeadWatch } from './head-watch.js';
import { LogNames } from './log-names.js';
import { Writer } from './writer.js';

/** From about here COPY, which costs five round trips of its own, beats arrays in a shared one. */
const bulkFromEvents = 500;
/** A payload this large would delay everybody who shares its group. */
const bulkFromBytes = 1024 * 1024;
/** A server that restarts is back by then. */
const connectWithinMs = 3_000;

/** Whoever wants to know how busy the store is. */
export interface StoreObserver {
  /** So many appends share one transaction. */
  grouped(appends: number): void;
  readsThrough(pool: pg.Pool): void;
  /** How many appends wait for the writing connection, whenever asked. */
  queues(waiting: () => number): void;
}

/**
 * The log in PostgreSQL. `docs/adr` says why positions come from one locked row, and what group commit makes
 * of it.
 */
export class PostgresEventStore implements EventStore {
  readonly #pool: pg.Pool;
  readonly #names: LogNames;
  readonly #groups: Writer;
  readonly #bulk: Writer;
  readonly #reader: EventReader;
  readonly #closing = new AbortController();

  constructor(url: string, observer?: StoreObserver) {
    this.#pool = createPool(url, {
      applicationName: 'treasury log reader',
      // Plans may be made while the log is empty or was never analysed; they must still walk the index in its
      // order when it holds millions. A bitmap or a sort would read all that is left for every page.
      settings: { enable_seqscan: 'off', enable_bitmapscan: 'off', enable_sort: 'off', jit: 'off' },
    });
    this.#names = new LogNames(this.#pool);
    const pages = new EventPages(this.#pool, this.#names);
    observer?.readsThrough(this.#pool);
    const grouped = (appends: number): void => observer?.grouped(appends);
    this.#groups = new Writer(url, {
      store: (client, group) => appendGroup(client, group, this.#names), inPairs: true, grouped,
    });
    this.#bulk = new Writer(url, {
      store: async (client, [append]) => [await appendBulk(client, append as LargeAppend, this.#names)],
      inPairs: false, grouped,
    });
    observer?.queues(() => this.#groups.waiting + this.#bulk.waiting);
    const watch = new HeadWatch(url, async () => BigInt(await pages.head()));
    this.#reader = new EventReader(pages, watch, this.#closing.signal);
  }

  async append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    assertAppendable(writes, meta);
    try {
      await retryOnConnectionLoss(() => this.#names.registerAll(writes), { withinMs: connectWithinMs });
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      return { kind: 'unknown', cause: String(error) };
    }
    const events = countEvents(writes);
    const characters = sizeOf(writes);
    if (events < bulkFromEvents && characters < bulkFromBytes) {
      return this.#groups.append({ writes, meta, events, bytes: characters });
    }
    // Encoded here, before its turn comes: the head is not yet locked, and the server still works on the one
    // before. From here on the rows are all there is of it: events held beside them, waiting, are what the
    // garbage collector would copy again and again.
    const rows = new CopyRows(writes, meta, this.#names);
    return this.#bulk.append({ writes: [], meta, events, bytes: rows.bytes.length, rows });
  }

  async receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    const find = () => this.#pool.query<{ fingerprint: string; last_position: Position | null }>({
      name: 'log-receipt',
      text: 'SELECT fingerprint, last_position FROM log.appends WHERE command_id = $1',
      values: [commandId],
    });
    const { rows: [found] } = await retryOnConnectionLoss(find, { withinMs: connectWithinMs });
    if (!found) return null;
    if (found.fingerprint !== fingerprint) return { kind: 'command-id-reused' };
    return { kind: 'appended', position: found.last_position, replayed: true };
  }

  readStream(stream: StreamName): AsyncIterable<RecordedEvent> {
    return this.#reader.stream(stream);
  }

  readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    return this.#reader.streams(streams);
  }

  readAll(after: Position, options: StoreReadOptions = {}): AsyncIterable<RecordedEvent> {
    return this.#reader.all(after, options);
  }

  subscribe(after: Position, options: StoreSubscribeOptions = {}): AsyncIterable<RecordedEvent | CaughtUp> {
    const closing = this.#closing.signal;
    const stop = options.signal ? AbortSignal.any([closing, options.signal]) : closing;
    return this.#reader.subscribe(after, options, stop);
  }

  head(): Promise<Position> {
    return this.#reader.head();
  }

  /** Appends already asked for are finished; subscriptions end. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.all([this.#groups.close(), this.#bulk.close()]);
    await this.#pool.end();
  }
}

function sizeOf(writes: readonly EncodedWrite[]): number {
  let characters = 0;
  for (const { events } of writes) for (const { payload } of events) characters += payload.length;
  return characters;
}
