import type { AppendResult, CaughtUp, Position, StreamName } from '../../../application/event-log.js';
import { comparePositions, noStream } from '../../../application/event-log.js';
import { assertAppendable, streamKeyOf } from '../append-rules.js';
import type {
  EncodedMeta, EncodedWrite, EventStore, RecordedEvent, StoreReadOptions, StoreSubscribeOptions,
} from '../event-store.js';

interface Remembered {
  readonly fingerprint: string;
  readonly position: Position | null;
}

/** The log without a database, for unit tests: passes the same contract, forgets everything at the end. */
export class MemoryEventStore implements EventStore {
  /** The event at position n is element n - 1. */
  readonly #events: RecordedEvent[] = [];
  readonly #streams = new Map<StreamName, RecordedEvent[]>();
  readonly #appends = new Map<string, Remembered>();
  readonly #closing = new AbortController();
  #wakeUps: (() => void)[] = [];

  async append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    assertAppendable(writes, meta);
    if (this.#closing.signal.aborted) throw new Error('the store is closed');
    const earlier = this.#recall(meta.commandId, meta.fingerprint);
    if (earlier) return earlier;
    for (const { stream, expectedRevision } of writes) {
      const actualRevision = (this.#streams.get(stream)?.length ?? 0) + noStream;
      if (actualRevision !== expectedRevision) return { kind: 'conflict', stream, actualRevision };
    }
    const before = this.#events.length;
    for (const write of writes) this.#record(write, meta.metadata);
    const position = this.#events.length > before ? String(this.#events.length) : null;
    this.#appends.set(meta.commandId, { fingerprint: meta.fingerprint, position });
    this.#wakeSubscribers();
    return { kind: 'appended', position, replayed: false };
  }

  #record({ stream, expectedRevision, events }: EncodedWrite, metadata: string): void {
    if (events.length === 0) return;
    const history = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, history);
    for (const [index, { id, type, version, payload }] of events.entries()) {
      const position = String(this.#events.length + 1);
      const revision = expectedRevision + 1 + index;
      const recorded = { position, stream, revision, id, type, version, payload, metadata };
      history.push(recorded);
      this.#events.push(recorded);
    }
  }

  #wakeSubscribers(): void {
    for (const wake of this.#wakeUps.splice(0)) wake();
  }

  #untilGrown(stop: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      this.#wakeUps.push(resolve);
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  #recall(commandId: string, fingerprint: string): AppendResult | null {
    const earlier = this.#appends.get(commandId);
    if (!earlier) return null;
    if (earlier.fingerprint !== fingerprint) return { kind: 'command-id-reused' };
    return { kind: 'appended', position: earlier.position, replayed: true };
  }

  async receipt(commandId: string, fingerprint: string): Promise<AppendResult | null> {
    return this.#recall(commandId, fingerprint);
  }

  async *readStream(stream: StreamName): AsyncIterable<RecordedEvent> {
    streamKeyOf(stream);
    yield* (this.#streams.get(stream) ?? []).slice();
  }

  async *readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    for (const stream of new Set(streams)) yield* this.readStream(stream);
  }

  async *readAll(after: Position, options: StoreReadOptions = {}): AsyncIterable<RecordedEvent> {
    const head = await this.head();
    const { until = head, except } = options;
    yield* this.#between(after, comparePositions(until, head) < 0 ? until : head, except);
  }

  *#between(after: Position, until: Position, except?: readonly string[]): Iterable<RecordedEvent> {
    const passedOver = new Set(except);
    for (let index = Number(after); index < Number(until); index++) {
      const event = this.#events[index];
      if (event && !passedOver.has(event.type)) yield event;
    }
  }

  async *subscribe(
    after: Position, options: StoreSubscribeOptions = {},
  ): AsyncIterable<RecordedEvent | CaughtUp> {
    const stop = AbortSignal.any([this.#closing.signal, ...(options.signal ? [options.signal] : [])]);
    if (comparePositions(after, await this.head()) > 0) throw new RangeError(`the log ends before ${after}`);
    for (let position = after; !stop.aborted;) {
      const head = await this.head();
      for (const event of this.#between(position, head, options.except)) {
        if (stop.aborted) return;
        yield event;
      }
      if (stop.aborted) return;
      position = head;
      yield { caughtUp: true, position };
      if (position === await this.head()) await this.#untilGrown(stop);
    }
  }

  async head(): Promise<Position> {
    return String(this.#events.length);
  }

  async close(): Promise<void> {
    this.#closing.abort();
  }
}
