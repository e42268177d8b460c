import type { CaughtUp, Position, Revision, StreamName } from '../../../application/event-log.js';
import { noStream } from '../../../application/event-log.js';
import type { RetryUntil } from '../../postgres/connection-loss.js';
import { retryOnConnectionLoss } from '../../postgres/connection-loss.js';
import type { RecordedEvent, StoreReadOptions, StoreSubscribeOptions } from '../event-store.js';
import type { EventPages, Page } from './event-pages.js';
import type { HeadWatch } from './head-watch.js';

/** A reader outlives a restart of the server; after this a caller is told that it is away. */
const readAgainWithinMs = 10_000;
/** Streams asked for in one round trip, when none of them is long. */
const mostStreamsAtOnce = 1_000;

interface Range {
  readonly after: bigint;
  readonly until: bigint;
  readonly except?: readonly string[] | undefined;
}

/**
 * Reads the log page by page, one page ahead of its caller, and over lost connections without loss or repeat.
 */
export class EventReader {
  readonly #bounded: RetryUntil;

  constructor(
    private readonly pages: EventPages, private readonly watch: HeadWatch, closing: AbortSignal,
  ) {
    this.#bounded = { withinMs: readAgainWithinMs, signal: closing };
  }

  head(until: RetryUntil = this.#bounded): Promise<Position> {
    return retryOnConnectionLoss(() => this.pages.head(), until);
  }

  async *stream(stream: StreamName): AsyncIterable<RecordedEvent> {
    for (let after: Revision = noStream; ;) {
      const page = await retryOnConnectionLoss(() => this.pages.ofStream(stream, after), this.#bounded);
      yield* page.events;
      const last = page.events.at(-1);
      if (!last || !page.full) return;
      after = last.revision;
    }
  }

  async *streams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    const asked = [...new Set(streams)];
    let after: Revision = noStream;
    for (let start = 0, atOnce = mostStreamsAtOnce; start < asked.length;) {
      const some = asked.slice(start, start + atOnce);
      const page = await retryOnConnectionLoss(() => this.pages.ofStreams(some, after), this.#bounded);
      yield* page.events;
      const last = page.events.at(-1);
      const done = last && page.full ? some.indexOf(last.stream) : some.length;
      start += done;
      after = last && page.full ? last.revision : noStream;
      // The server sorts all of a slice for each page of it: where streams are long, slices must be short.
      atOnce = page.full ? Math.max(1, done) : Math.min(atOnce * 2, mostStreamsAtOnce);
    }
  }

  async *all(after: Position, options: StoreReadOptions): AsyncIterable<RecordedEvent> {
    const head = BigInt(await this.head());
    const asked = options.until === undefined ? head : BigInt(options.until);
    const until = asked < head ? asked : head;
    yield* this.#range({ after: BigInt(after), until, except: options.except }, this.#bounded);
  }

  async *subscribe(
    after: Position, { except }: StoreSubscribeOptions, stop: AbortSignal,
  ): AsyncIterable<RecordedEvent | CaughtUp> {
    const untilStopped: RetryUntil = { signal: stop };
    this.watch.join();
    try {
      for (let position = BigInt(after); !stop.aborted; await this.watch.grownBeyond(position, stop)) {
        const until = BigInt(await this.head(untilStopped));
        if (until < position) throw new RangeError(`the log ends at ${until}, before ${position}`);
        for await (const event of this.#range({ after: position, until, except }, untilStopped)) {
          yield event;
          if (stop.aborted) return;
        }
        position = until;
        yield { caughtUp: true, position: String(until) };
      }
    } catch (error) {
      if (!stop.aborted) throw error;
    } finally {
      this.watch.leave();
    }
  }

  async *#range({ after, until, except }: Range, retry: RetryUntil): AsyncIterable<RecordedEvent> {
    type Reached = Page & { readonly reached: bigint };
    const fetch = (from: bigint): Promise<Reached> =>
      retryOnConnectionLoss(() => this.pages.between(from, until, except), retry);
    let next = after < until ? fetch(after) : undefined;
    while (next) {
      const page: Reached = await next;
      next = page.reached < until ? fetch(page.reached) : undefined;
      // Should the caller stop here, nobody waits for the page read ahead, nor for its failure.
      next?.catch(() => undefined);
      // Not yield*, which makes a promise more for each.
      for (const event of page.events) yield event;
    }
  }
}
