import { randomUUID } from 'node:crypto';
import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { LogRecord, Place, ServerLog } from './server-log.js';
import { caughtUpMessage, checkpointMessage, confirmationMessage, eventMessage } from './wire-messages.js';

export interface SubscriptionRequest {
  /** Undefined: from the start. */
  readonly from: Place | undefined;
  readonly matches: (record: LogRecord) => boolean;
  /** Records looked at per page, and with the multiplier the distance of checkpoints. */
  readonly window: number;
  readonly multiplier: number;
}
export interface Subscriber {
  /** Resolves when the client can take more. */
  send(message: ReadResp): Promise<void>;
  readonly gone: AbortSignal;
}

const beforeEverything: Place = { commit: -1n, prepare: -1n };
/** Of matching records. */
const pageSize = 32;
/** What a real server keeps for a live subscriber that does not take it; then the oldest are let go. */
const liveBuffer = 32;

const isBefore = (a: Place, b: Place): boolean =>
  a.commit < b.commit || (a.commit === b.commit && a.prepare < b.prepare);
const placeOf = ({ position }: LogRecord): Place => ({ commit: position, prepare: position });

/**
 * A filtered subscription to `$all` as servers since 23.10 keep it: pages of the log until its end, a
 * checkpoint and word of being caught up, then what is appended, with checkpoints; a subscriber too slow for
 * that reads pages again.
 */
export class Subscription {
  #place: Place;
  #lastCheckpoint: Place | undefined;

  constructor(
    private readonly log: ServerLog, private readonly request: SubscriptionRequest,
    private readonly subscriber: Subscriber,
  ) {
    this.#place = request.from ?? beforeEverything;
  }

  async serve(): Promise<void> {
    await this.subscriber.send(confirmationMessage(randomUUID()));
    let behind = this.#place.commit < this.log.lastPosition;
    while (!this.subscriber.gone.aborted) {
      if (behind) await this.#catchUp();
      await this.subscriber.send(caughtUpMessage());
      await this.#live();
      behind = true;
    }
  }

  async #catchUp(): Promise<void> {
    const interval = this.request.window * this.request.multiplier;
    let index = this.log.indexAfter(this.#place);
    let sinceCheckpoint = 0;
    while (!this.subscriber.gone.aborted) {
      const pageStart = this.log.records[index]?.position;
      const { considered, atEnd } = await this.#page(index);
      index += considered;
      // Only the start of the page is known to be done with: the real server tells no more than that either.
      const start = { commit: pageStart ?? 0n, prepare: 0n };
      if (considered > 0 && isBefore(this.#place, start)) this.#place = start;
      sinceCheckpoint += considered;
      if (atEnd) return this.#checkpoint();
      if (sinceCheckpoint < interval) continue;
      sinceCheckpoint %= interval;
      await this.#checkpoint();
    }
  }

  async #page(from: number): Promise<{ considered: number; atEnd: boolean }> {
    let considered = 0;
    for (let matched = 0; considered < this.request.window && matched < pageSize;) {
      const record = this.log.records[from + considered];
      if (!record) return { considered, atEnd: true };
      considered++;
      if (!this.request.matches(record)) continue;
      matched++;
      await this.#event(record);
    }
    return { considered, atEnd: false };
  }

  /** Returns when the subscriber has fallen behind or is gone. */
  async #live(): Promise<void> {
    const interval = this.request.window * this.request.multiplier;
    let index = this.log.indexAfter(this.#place);
    for (let sinceCheckpoint = 0; !this.subscriber.gone.aborted;) {
      const record = this.log.records[index];
      if (!record) {
        await this.log.untilGrown(this.subscriber.gone);
        continue;
      }
      if (this.log.records.length - index > liveBuffer) return this.#checkpoint();
      index++;
      if (this.request.matches(record)) await this.#event(record);
      if (++sinceCheckpoint < interval) continue;
      sinceCheckpoint = 0;
      this.#place = placeOf(record);
      await this.#checkpoint();
    }
  }

  async #event(record: LogRecord): Promise<void> {
    if (this.subscriber.gone.aborted) return;
    await this.subscriber.send(eventMessage(record));
    this.#place = placeOf(record);
  }

  async #checkpoint(): Promise<void> {
    const place = this.#place;
    const known = this.#lastCheckpoint && !isBefore(this.#lastCheckpoint, place);
    if (known || place.commit < 0n || this.subscriber.gone.aborted) return;
    this.#lastCheckpoint = place;
    await this.subscriber.send(checkpointMessage(place));
  }
}
