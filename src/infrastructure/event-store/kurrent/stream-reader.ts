import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Revision, StreamName } from '../../../application/event-log.js';
import { streamKeyOf } from '../append-rules.js';
import type { RecordedEvent } from '../event-store.js';
import type { Connection } from './connection.js';
import { Patience, SilentServer } from './failures.js';
import { factOf, streamRequest } from './messages.js';
import type { Server } from './server.js';

/** Most payments have no more facts than this: one question and one answer each. */
const firstPageEvents = 4;
const mostAhead = 32;
const firstAhead = 4;
/** Of first pages read ahead, measured in characters of payload. */
const mostCharactersAhead = 8 * 1024 * 1024;
/** A server busy with other things still says something within as many deadlines. */
const silentDeadlines = 4;

/** Streams whole and in order; a lost connection is not felt, reading goes on from the next revision. */
export class StreamReader {
  constructor(
    private readonly connection: Connection, private readonly server: Server,
    private readonly closing: AbortSignal,
  ) {}

  async *stream(stream: StreamName): AsyncIterable<RecordedEvent> {
    streamKeyOf(stream);
    yield* this.#from(stream, 0);
  }

  /**
   * The first pages of the next streams are on their way while one is read; the longer their events, the
   * fewer.
   */
  async *streams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent> {
    const names = [...new Set(streams)];
    for (const name of names) streamKeyOf(name);
    const ahead: Promise<RecordedEvent[]>[] = [];
    const size = { events: 0, characters: 0 };
    for (let next = 0, current = 0; current < names.length; current++) {
      for (; next < names.length && ahead.length < roomAhead(size); next++) {
        ahead.push(this.#firstPage(names[next] ?? ''));
      }
      const page = await ahead.shift() ?? [];
      for (const event of page) {
        size.events++;
        size.characters += event.payload.length;
        yield event;
      }
      if (page.length === firstPageEvents) yield* this.#from(names[current] ?? '', firstPageEvents);
    }
  }

  #firstPage(stream: StreamName): Promise<RecordedEvent[]> {
    const page = this.server.page(stream, 0, firstPageEvents)
      .then((messages) => messages.flatMap((message) => nextOf(message, stream) ?? []));
    // Heard when its turn comes; until then a failure must not end the process.
    page.catch(() => undefined);
    return page;
  }

  async *#from(stream: StreamName, from: Revision): AsyncGenerator<RecordedEvent> {
    const patience = new Patience(this.closing);
    for (let next = from; ;) {
      try {
        for await (const message of this.#messages(stream, next)) {
          const event = nextOf(message, stream);
          if (!event) continue;
          const { revision } = event;
          if (revision !== next) throw new Error(`facts are missing: ${stream}@${next}, found ${revision}`);
          next++;
          patience.progressed();
          yield event;
        }
        return;
      } catch (error) {
        await patience.afterLoss(error);
      }
    }
  }

  async *#messages(stream: StreamName, from: Revision): AsyncIterable<ReadResp> {
    const silentMs = this.connection.options.deadlineMs * silentDeadlines;
    const incoming = await this.connection.open(streamRequest(stream, from));
    try {
      for (;;) {
        const message = await incoming.next(silentMs);
        if (message === 'ended') return;
        if (message === 'quiet') throw new SilentServer(`nothing of ${stream} within ${silentMs} ms`);
        yield message;
      }
    } finally {
      incoming.cancel();
    }
  }
}

function roomAhead({ events, characters }: { events: number; characters: number }): number {
  if (events === 0) return firstAhead;
  const perPage = Math.max(1, characters / events) * firstPageEvents;
  return Math.max(1, Math.min(mostAhead, Math.floor(mostCharactersAhead / perPage)));
}

function nextOf(message: ReadResp, stream: StreamName): RecordedEvent | undefined {
  const event = factOf(message);
  if (event && event.stream !== stream) throw new Error(`asked for ${stream}, got ${event.stream}`);
  return event;
}
