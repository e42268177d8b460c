import type { Position } from '../../../application/event-log.js';
import { comparePositions } from '../../../application/event-log.js';
import type { RecordedEvent, StoreReadOptions } from '../event-store.js';
import type { Connection } from './connection.js';
import { EndedEarly, Patience, SilentServer } from './failures.js';
import { subscriptionRequest } from './messages.js';
import { Progress } from './progress.js';
import type { Server } from './server.js';

/** Records looked at between two checkpoints while there is much to catch up with. */
export const wideWindow = 2_000;
/** A server looks through that many records, or says something, within as many deadlines. */
const silentDeadlines = 4;

interface Stretch {
  readonly end: bigint;
  readonly except: readonly string[] | undefined;
  readonly patience: Patience;
}

/**
 * The log from one position to another. By a subscription that is given up at the end: a plain read of a
 * filtered log says nothing while nothing matches, and for hours nobody could tell it from a dead one.
 */
export class LogReader {
  constructor(
    private readonly connection: Connection, private readonly server: Server,
    private readonly closing: AbortSignal,
  ) {}

  async *all(after: Position, { except, until }: StoreReadOptions): AsyncIterable<RecordedEvent> {
    const head = await this.server.head();
    const end = until !== undefined && comparePositions(until, head) < 0 ? until : head;
    const progress = new Progress(after);
    const patience = new Patience(this.closing);
    while (progress.covered < BigInt(end)) {
      try {
        yield* this.#stretch(progress, { end: BigInt(end), except, patience });
      } catch (error) {
        await patience.afterLoss(error);
      }
    }
  }

  async *#stretch(
    progress: Progress, { end, except, patience }: Stretch,
  ): AsyncGenerator<RecordedEvent> {
    const silentMs = this.connection.options.deadlineMs * silentDeadlines;
    const incoming = await this.connection.open(subscriptionRequest(progress.place, wideWindow, except));
    try {
      while (progress.covered < end) {
        const message = await incoming.next(silentMs);
        if (message === 'ended') throw new EndedEarly('the server ended a read of the log');
        if (message === 'quiet') throw new SilentServer(`nothing of the log within ${silentMs} ms`);
        const event = progress.take(message);
        patience.progressed();
        // The head was asked for before: who has caught up has seen it.
        if (message.hasCaughtUp()) progress.cover(end);
        if (event && BigInt(event.position) <= end) yield event;
      }
    } finally {
      incoming.cancel();
    }
  }
}
