import { setMaxListeners } from 'node:events';
import type { AppendResult, CaughtUp, Position, StreamName } from '../../../application/event-log.js';
import { assertAppendable } from '../append-rules.js';
import type {
  EncodedMeta, EncodedWrite, EventStore, RecordedEvent, StoreReadOptions, StoreSubscribeOptions,
} from '../event-store.js';
import { Appending } from './appending.js';
import { Connection } from './connection.js';
import { Following } from './following.js';
import { LogReader } from './log-reader.js';
import type { KurrentOptions } from './options.js';
import { kurrentDefaults } from './options.js';
import { Receipts, answerOf } from './receipts.js';
import { Server } from './server.js';
import { StreamReader } from './stream-reader.js';

/** The log in KurrentDB or EventStoreDB, 23.10 or newer; `url` is a connection string (`esdb://…`). */
export function openKurrentEventStore(
  url: string, options: Partial<KurrentOptions> = {},
  queues: (waiting: () => number) => void = () => undefined,
): EventStore {
  const connection = new Connection(url, { ...kurrentDefaults, ...options });
  queues(() => connection.waiting);
  return new KurrentEventStore(connection);
}

class KurrentEventStore implements EventStore {
  readonly #closing = new AbortController();
  readonly #server: Server;
  readonly #receipts: Receipts;
  readonly #appending: Appending;
  readonly #streams: StreamReader;
  readonly #log: LogReader;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(private readonly connection: Connection) {
    const { signal } = this.#closing;
    // Every read that waits for a server to come back listens to it.
    setMaxListeners(0, signal);
    this.#server = new Server(connection, signal);
    this.#receipts = new Receipts(this.#server);
    this.#appending = new Appending(this.#server, this.#receipts, connection.options.maxAppendBytes);
    this.#streams = new StreamReader(connection, this.#server, signal);
    this.#log = new LogReader(connection, this.#server, signal);
  }

  async append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    assertAppendable(writes, meta);
    this.#assertOpen();
    const appended = this.#appending.append(writes, meta);
    const settled = appended.then(() => undefined, () => undefined);
    this.#underWay.add(settled);
    void settled.then(() => this.#underWay.delete(settled));
    return appended;
  }

  async receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    return answerOf(await this.#receipts.recall(commandId), fingerprint);
  }

  readStream(stream: StreamName): AsyncIterable<RecordedEvent> {
    return this.#streams.stream(stream);
  }

  readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    return this.#streams.streams(streams);
  }

  readAll(after: Position, options: StoreReadOptions = {}): AsyncIterable<RecordedEvent> {
    return this.#log.all(after, options);
  }

  subscribe(after: Position, options: StoreSubscribeOptions = {}): AsyncIterable<RecordedEvent | CaughtUp> {
    const signal = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    return new Following(this.connection, this.#server, after, { ...options, signal }).items();
  }

  head(): Promise<Position> {
    return this.#server.head();
  }

  /** Appends already asked for are finished; reads and subscriptions end. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await Promise.all(this.#underWay);
    await this.connection.close();
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new Error('the store is closed');
  }
}
