import type { AppendResult, CaughtUp, Position, Revision, StreamName } from '../../application/event-log.js';

/** An event as a store sees it: named, versioned, serialized. What it means the schema registry knows. */
export interface EncodedEvent {
  /** UUID, deterministic: see `AppendMeta.commandId`. */
  readonly id: string;
  readonly type: string;
  readonly version: number;
  /** JSON text. */
  readonly payload: string;
}
export interface EncodedWrite {
  readonly stream: StreamName;
  readonly expectedRevision: Revision;
  readonly events: readonly EncodedEvent[];
}
export interface EncodedMeta {
  readonly commandId: string;
  readonly fingerprint: string;
  /** JSON text, the same for every event of the append. */
  readonly metadata: string;
  /** See `AppendMeta.independent`. */
  readonly independent?: boolean;
}
export interface RecordedEvent extends EncodedEvent {
  readonly position: Position;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly metadata: string;
}

/**
 * `except`: names of events that are left out. A filter says what may be passed over, never what is wanted: a
 * name that its reader has never heard of must reach it.
 */
interface Filter { readonly except?: readonly string[] }
export interface StoreReadOptions extends Filter { readonly until?: Position }
export interface StoreSubscribeOptions extends Filter { readonly signal?: AbortSignal }

/**
 * The one port behind which every store stands; `test/contract` is what it promises. Positions are strictly
 * increasing and visible in order: who has read position n has seen everything before it. Ours are dense from
 * 1; KurrentDB's are not. An append is all or nothing, on KurrentDB for one stream (docs/adr/0007); appending
 * nothing under a commandId still remembers the commandId.
 */
export interface EventStore {
  append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult>;
  receipt(commandId: string, fingerprint: string): Promise<AppendResult | null>;
  readStream(stream: StreamName): AsyncIterable<RecordedEvent>;
  readStreams(streams: readonly StreamName[]): AsyncIterable<RecordedEvent>;
  readAll(after: Position, options?: StoreReadOptions): AsyncIterable<RecordedEvent>;
  subscribe(after: Position, options?: StoreSubscribeOptions): AsyncIterable<RecordedEvent | CaughtUp>;
  head(): Promise<Position>;
  close(): Promise<void>;
}
