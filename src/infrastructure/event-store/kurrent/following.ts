import type { CaughtUp, Position } from '../../../application/event-log.js';
import { comparePositions } from '../../../application/event-log.js';
import type { RecordedEvent, StoreSubscribeOptions } from '../event-store.js';
import type { Connection } from './connection.js';
import { EndedEarly, Patience, SilentServer } from './failures.js';
import type { Incoming } from './incoming.js';
import { wideWindow } from './log-reader.js';
import { subscriptionRequest } from './messages.js';
import { Progress } from './progress.js';
import type { Server } from './server.js';

/**
 * A live subscription tells of every record it looked at, or progress without matching facts would not be
 * known. That is slow for much, so what lies further behind than this is read with a wide window first.
 */
const liveWindow = 1;
const wideFromBytes = 256n * 1024n;
/** As many messages without a lull: the server may long be reading pages again, one record each. */
const busyMessages = 1_000;
/** Nothing more is on its way: between two messages of one answer less passes. */
const lullMs = 1;
/** While facts keep coming without a lull, word of them is given this often. */
const announceEveryMs = 50;
/** Asking for the head costs a question; checkpoints come with every record, receipts included. */
const askHeadEveryMs = 25;
/** A fact is there that did not come: a moment of patience, then the subscription is opened anew. */
const overdueMs = 100;
/** With nothing coming at all the head is asked for now and then, in case that something got lost. */
const idleCheckMs = 1_000;
const silentDeadlines = 4;

/**
 * One subscriber: facts in order, and word of how far they are complete; goes on through lost connections.
 */
export class Following {
  readonly #progress: Progress;
  #announced: bigint | undefined;
  #checked: bigint;
  #checkAfter = 0;
  #announceBy = 0;
  #overdue = false;

  constructor(
    private readonly connection: Connection, private readonly server: Server,
    private readonly after: Position,
    private readonly options: StoreSubscribeOptions & { readonly signal: AbortSignal },
  ) {
    this.#progress = new Progress(after);
    this.#checked = this.#progress.covered;
  }

  async *items(): AsyncIterable<RecordedEvent | CaughtUp> {
    const { signal } = this.options;
    // No limit: a projector waits for its log as long as it takes.
    const patience = new Patience(signal, Infinity);
    for (let known = false; !signal.aborted;) {
      try {
        const head = await this.server.head(signal);
        if (!known && comparePositions(this.after, head) > 0) {
          throw new RangeError(`the log ends before ${this.after}`);
        }
        known = true;
        yield* this.#stretch(BigInt(head), patience);
      } catch (error) {
        if (signal.aborted) return;
        await patience.afterLoss(error);
      }
    }
  }

  /**
   * One subscription on the server. Whoever has caught up in it has seen the head, which was asked for
   * before.
   */
  async *#stretch(head: bigint, patience: Patience): AsyncGenerator<RecordedEvent | CaughtUp> {
    const { signal, except } = this.options;
    if (head === this.#progress.covered) yield* this.#announce(head);
    const wide = head - this.#progress.place.commit > wideFromBytes;
    if (signal.aborted) return;
    const incoming = await this.connection.open(
      subscriptionRequest(this.#progress.place, wide ? wideWindow : liveWindow, except));
    const stop = (): void => incoming.cancel();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      for await (const event of this.#catchingUp(incoming, patience)) yield event;
      if (signal.aborted) return;
      this.#progress.cover(head);
      yield* this.#announce(head);
      if (!wide) yield* this.#live(incoming);
    } finally {
      signal.removeEventListener('abort', stop);
      incoming.cancel();
    }
  }

  async *#catchingUp(incoming: Incoming, patience: Patience): AsyncGenerator<RecordedEvent> {
    const silentMs = this.connection.options.deadlineMs * silentDeadlines;
    for (;;) {
      const message = await incoming.next(silentMs);
      if (this.options.signal.aborted) return;
      if (message === 'ended') throw new EndedEarly('the server ended a subscription');
      if (message === 'quiet') throw new SilentServer(`no word of a subscription within ${silentMs} ms`);
      patience.progressed();
      if (message.hasCaughtUp()) return;
      const event = this.#progress.take(message);
      if (event) yield event;
      if (this.options.signal.aborted) return;
    }
  }

  /** Returns when another subscription should take over from where this one has come to. */
  async *#live(incoming: Incoming): AsyncGenerator<RecordedEvent | CaughtUp> {
    const { signal } = this.options;
    // What was appended while the subscription began is looked at there, but not told of: the first lull
    // asks.
    this.#checked = -1n;
    for (let waitMs = lullMs, busy = 0; busy < busyMessages;) {
      const message = await incoming.next(waitMs);
      if (signal.aborted) return;
      if (message === 'ended') throw new EndedEarly('the server ended a subscription');
      if (message === 'quiet') {
        if (this.#overdue) return;
        yield* this.#lull(waitMs >= idleCheckMs);
        [busy, waitMs] = [0, this.#untilNextLook()];
      } else {
        // Caught up again: it had fallen behind, and from where to where it does not say.
        if (message.hasCaughtUp()) return;
        [busy, waitMs, this.#overdue] = [busy + 1, lullMs, false];
        const event = this.#progress.take(message);
        if (event) yield event;
        if (performance.now() >= this.#announceBy) yield* this.#announceDelivered();
      }
      if (signal.aborted) return;
    }
  }

  /**
   * Nothing more is there at the moment: says how far it is, asking for the head where checkpoints alone
   * came.
   */
  async *#lull(idle: boolean): AsyncGenerator<CaughtUp> {
    yield* this.#announceDelivered();
    const { covered } = this.#progress;
    if (!idle && (covered <= this.#checked || performance.now() < this.#checkAfter)) return;
    const head = BigInt(await this.server.head(this.options.signal));
    this.#checkAfter = performance.now() + askHeadEveryMs;
    this.#checked = covered;
    this.#overdue = head > covered;
    if (!this.#overdue) yield* this.#announce(head);
  }

  #untilNextLook(): number {
    if (this.#overdue) return overdueMs;
    if (this.#progress.covered > this.#checked) return Math.max(lullMs, this.#checkAfter - performance.now());
    return idleCheckMs;
  }

  async *#announceDelivered(): AsyncGenerator<CaughtUp> {
    this.#announceBy = performance.now() + announceEveryMs;
    yield* this.#announce(this.#progress.delivered);
  }

  /**
   * Only ever the position of a fact: anything else could lie beyond the head when the subscriber comes back.
   * Never less than was handed out: the subscriber would take it again.
   */
  async *#announce(complete: bigint): AsyncGenerator<CaughtUp> {
    const { delivered } = this.#progress;
    const position = complete > delivered ? complete : delivered;
    if (this.options.signal.aborted || (this.#announced !== undefined && position <= this.#announced)) return;
    this.#announced = position;
    yield { caughtUp: true, position: String(position) };
  }
}
