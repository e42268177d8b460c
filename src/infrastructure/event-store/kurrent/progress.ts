import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { Position } from '../../../application/event-log.js';
import type { RecordedEvent } from '../event-store.js';
import type { Place } from './messages.js';
import { factOf } from './messages.js';

/**
 * How far a reader of the whole log has come; a new call goes on from `place`, so nothing is lost or
 * repeated.
 */
export class Progress {
  place: Place;
  /** Of the last event handed out. */
  delivered: bigint;
  /** Everything up to here was handed out or is not wanted. */
  covered: bigint;

  constructor(after: Position) {
    const position = BigInt(after);
    this.place = { commit: position, prepare: position };
    this.delivered = position;
    this.covered = position;
  }

  /** The event the message carries, unless it was handed out before. */
  take(message: ReadResp): RecordedEvent | undefined {
    const checkpoint = message.getCheckpoint();
    if (checkpoint) this.#passed({
      commit: BigInt(checkpoint.getCommitPosition()), prepare: BigInt(checkpoint.getPreparePosition()),
    });
    const event = factOf(message);
    if (!event) return undefined;
    const position = BigInt(event.position);
    if (position <= this.delivered) return undefined;
    this.delivered = position;
    this.#passed({ commit: position, prepare: position });
    return event;
  }

  /** All facts up to the position are known to have come. */
  cover(position: bigint): void {
    this.#passed({ commit: position, prepare: position });
  }

  /** A checkpoint may stand right before a record, which then is still to be looked at. */
  #passed(place: Place): void {
    const { commit, prepare } = place;
    const reached = prepare < commit ? commit - 1n : commit;
    if (reached > this.covered) this.covered = reached;
    const { place: before } = this;
    if (commit > before.commit || (commit === before.commit && prepare > before.prepare)) this.place = place;
  }
}
