import type { Position, Revision, StreamName } from '../../../application/event-log.js';

/** Where an event stands and what it calls itself: all that may be said about one that cannot be read. */
export interface EventPlace {
  readonly position: Position;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly type: string;
  readonly version: number;
}

export type UnreadableReason =
  'unknown-name' | 'unknown-version' | 'not-json' | 'schema-failed' | 'metadata-failed';

/** Stops every reader: a fact skipped would be a fact that never happened. Says where, never what. */
export class UnreadableFact extends Error {
  override readonly name = 'UnreadableFact';
  readonly place: EventPlace;

  constructor(
    { position, stream, revision, type, version }: EventPlace,
    readonly why: UnreadableReason,
    /** `invoices.0.amount: too_big`; paths and kinds of failure, never values. */
    readonly failures: readonly string[] = [],
  ) {
    const where = `position ${position}, ${stream} revision ${revision}, ${type} v${version}`;
    super(`unreadable fact at ${where}: ${[why, ...failures].join(', ')}`);
    this.place = { position, stream, revision, type, version };
  }
}

/** A bug of ours: a rule made a fact that its own schema does not allow. Nothing of the append is stored. */
export class UnstorableFact extends Error {
  override readonly name = 'UnstorableFact';

  constructor(readonly type: string, readonly failures: readonly string[]) {
    super(`unstorable fact ${type}: ${failures.join(', ')}`);
  }
}
