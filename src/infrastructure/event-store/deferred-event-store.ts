import type { AppendResult, CaughtUp, Position, StreamName } from '../../application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore, RecordedEvent, StoreReadOptions, StoreSubscribeOptions,
} from './event-store.js';

/** A store whose code is loaded when it is first asked: a client that nobody uses costs a start nothing. */
export class DeferredEventStore implements EventStore {
  private opened: Promise<EventStore> | null = null;

  constructor(private readonly open: () => Promise<EventStore>) {}

  async append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    return (await this.store()).append(writes, meta);
  }

  async receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    return (await this.store()).receipt(commandId, fingerprint);
  }

  async* readStream(stream: StreamName): AsyncIterable<RecordedEvent> {
    yield* (await this.store()).readStream(stream);
  }

  async* readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    yield* (await this.store()).readStreams(streams);
  }

  async* readAll(after: Position, options?: StoreReadOptions): AsyncIterable<RecordedEvent> {
    yield* (await this.store()).readAll(after, options);
  }

  async* subscribe(
    after: Position, options?: StoreSubscribeOptions,
  ): AsyncIterable<RecordedEvent | CaughtUp> {
    yield* (await this.store()).subscribe(after, options);
  }

  async head(): Promise<Position> {
    return (await this.store()).head();
  }

  /** Also of one that was never opened: asked for later, it says that it is closed. */
  async close(): Promise<void> {
    await (await this.store()).close();
  }

  private store(): Promise<EventStore> {
    this.opened ??= this.open();
    return this.opened;
  }
}
