import type { AppendResult } from '../../../application/event-log.js';
import type { EncodedMeta, EncodedWrite } from '../event-store.js';
import { StoreBusy } from '../store-busy.js';
import type { CopyRows } from './copy-rows.js';

export interface WaitingAppend {
  /** None where there are rows. */
  readonly writes: readonly EncodedWrite[];
  readonly meta: EncodedMeta;
  readonly events: number;
  readonly bytes: number;
  /** Present when the append goes by COPY, in a transaction of its own. */
  readonly rows?: CopyRows;
  settle(result: AppendResult): void;
  fail(error: Error): void;
}

/**
 * At 8,000 appends a second the last one waits a little over a second: longer, and its caller has given up.
 */
const maxWaiting = 10_000;
/** Two dozen chunks of a large ingest: enough to keep the server busy, little enough for a small machine. */
const maxWaitingBytes = 64 * 1024 * 1024;
/**
 * The head stays locked while a group is written and everybody in it waits for all of it: these bounds keep
 * that near 20 ms, and a group past them gains nothing, the flush to disk is already shared by hundreds.
 */
const maxGroupEvents = 1_000;
const maxGroupBytes = 2 * 1024 * 1024;

/** A pair of groups has two flushes for one: from here on their overlap gains more than that costs. */
const worthPairing = 16;

/** What waits for a writing connection, in order of arrival. */
export class AppendQueue {
  #waiting: WaitingAppend[] = [];
  #bytes = 0;

  get length(): number {
    return this.#waiting.length;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  add(append: WaitingAppend): void {
    if (this.#waiting.length >= maxWaiting) throw new StoreBusy(`${maxWaiting} appends are waiting`);
    if (!this.isEmpty && this.#bytes + append.bytes > maxWaitingBytes) {
      throw new StoreBusy(`${this.#bytes} bytes are waiting to be appended`);
    }
    this.#waiting.push(append);
    this.#bytes += append.bytes;
  }

  /**
   * The next transaction: one large append, or as many small ones as go together. Never empty unless the
   * queue is. Half of many leaves a second group to be sent behind the first.
   */
  takeGroup(share: 'half' | 'all' = 'all'): WaitingAppend[] {
    const first = this.#waiting[0];
    if (!first) return [];
    const count = this.#waiting.length;
    const most = share === 'half' && count >= worthPairing ? Math.ceil(count / 2) : count;
    const group = first.rows ? [first] : this.#small(most);
    const taken = new Set(group);
    this.#waiting = this.#waiting.filter((append) => !taken.has(append));
    for (const { bytes } of group) this.#bytes -= bytes;
    return group;
  }

  takeAll(): WaitingAppend[] {
    this.#bytes = 0;
    return this.#waiting.splice(0);
  }

  /**
   * Two appends to one stream, or under one command id, never share a group: the second must see what the
   * first did. One that has to wait blocks its streams for those behind it, so nobody is overtaken on the
   * same stream.
   */
  #small(most: number): WaitingAppend[] {
    const group: WaitingAppend[] = [];
    const touched = new Set<string>();
    let events = 0;
    let bytes = 0;
    for (const append of this.#waiting) {
      if (append.rows) continue;
      if (group.length === most) break;
      events += append.events;
      bytes += append.bytes;
      if (group.length > 0 && (events > maxGroupEvents || bytes > maxGroupBytes)) break;
      const keys = [append.meta.commandId, ...append.writes.map(({ stream }) => stream)];
      if (keys.every((key) => !touched.has(key))) group.push(append);
      for (const key of keys) touched.add(key);
    }
    return group;
  }
}
