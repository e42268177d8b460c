import type { Fact } from '../domain/decider.js';
import type { DomainFact, FactType } from '../domain/facts.js';

/** `<category>-<uuid>`, e.g. `payment-6f1c…`; the uuid says nothing about a person. */
export type StreamName = string;

/** Where a fact stands among all: a decimal string, never a JavaScript number. `'0'` is before the first. */
export type Position = string;
export const beforeFirst: Position = '0';

/** How many facts a stream holds minus one; a stream that does not exist yet is at `noStream`. */
export type Revision = number;
export const noStream: Revision = -1;

export interface Write<F extends Fact = DomainFact> {
  readonly stream: StreamName;
  /** Never optional: the revision at which the decision was made. */
  readonly expectedRevision: Revision;
  readonly facts: readonly F[];
}

export interface AppendMeta {
  /** UUID. Fact ids are UUIDv5(commandId, index), so the same command can never be stored twice. */
  readonly commandId: string;
  /** Keyed hash of what was asked; the same commandId with another fingerprint is refused. */
  readonly fingerprint: string;
  /** Random id of who asked; never a name. */
  readonly by: string;
  /** ISO UTC instant of the command. */
  readonly at: string;
  readonly correlationId?: string;
  /**
   * The streams have nothing to do with each other, and a conflict is decided anew under the same commandId:
   * a log that writes stream by stream need not look at all of them before it writes the first. It makes no
   * difference to one that writes all at once.
   */
  readonly independent?: boolean;
}

/** `position` is that of the last fact appended; `null` when the command was accepted and added nothing. */
export type AppendResult =
  | { readonly kind: 'appended'; readonly position: Position | null; readonly replayed: boolean }
  | { readonly kind: 'conflict'; readonly stream: StreamName; readonly actualRevision: Revision }
  | { readonly kind: 'command-id-reused' }
  /** The connection died in between: stored or not, nobody knows. A retry with the same commandId is safe. */
  | { readonly kind: 'unknown'; readonly cause: string };

export interface FactMeta {
  readonly commandId: string;
  readonly by: string;
  readonly at: string;
  readonly correlationId?: string;
}

export interface Recorded {
  readonly position: Position;
  readonly stream: StreamName;
  readonly revision: Revision;
  /** UUIDv5(commandId, index). */
  readonly id: string;
  readonly meta: FactMeta;
}
export type StoredFact<F extends Fact = DomainFact> = F & Recorded;

/** Every fact up to `position` has been delivered; more may follow later. */
export interface CaughtUp { readonly caughtUp: true; readonly position: Position }
export const isCaughtUp = (item: object): item is CaughtUp => 'caughtUp' in item;

export interface ReadAllOptions {
  /** Leaves out the facts of other types; one whose type is unknown is never left out. */
  readonly types?: readonly FactType[];
  /** Stop after this position (inclusive). */
  readonly until?: Position;
}
export interface SubscribeOptions {
  /** As for `readAll`. */
  readonly types?: readonly FactType[];
  readonly signal?: AbortSignal;
}

/**
 * The log of all facts. Order is total and the same for every reader; reading never holds more than a
 * page in memory. A fact that cannot be understood (unknown name, failed schema) ends the iteration with
 * `UnreadableFact`, whichever types were asked for where its name is unknown.
 */
export interface EventLog {
  append(writes: readonly Write[], meta: AppendMeta): Promise<AppendResult>;
  /** What an earlier append under this commandId answered, or null. */
  receipt(commandId: string, fingerprint: string): Promise<AppendResult | null>;
  readStream(stream: StreamName): AsyncIterable<StoredFact>;
  /** Facts of many streams, each stream's together and in order; streams that do not exist are left out. */
  readStreams(streams: readonly StreamName[]): AsyncIterable<StoredFact>;
  readAll(after: Position, options?: ReadAllOptions): AsyncIterable<StoredFact>;
  subscribe(after: Position, options?: SubscribeOptions): AsyncIterable<StoredFact | CaughtUp>;
  head(): Promise<Position>;
}
export const EVENT_LOG = Symbol('EventLog');

/** -1, 0 or 1; positions may exceed what a number can hold. */
export function comparePositions(a: Position, b: Position): number {
  if (a.length !== b.length) return a.length < b.length ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
