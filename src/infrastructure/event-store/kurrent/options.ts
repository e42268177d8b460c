/**
 * How the adapter deals with its server; everything about the server itself stands in the connection string.
 */
export interface KurrentOptions {
  /** Longest wait for the answer to one append or one small read. */
  readonly deadlineMs: number;
  /** How often the connection is probed while calls are under way, and how long the answer may take. */
  readonly keepAliveIntervalMs: number;
  readonly keepAliveTimeoutMs: number;
  /** Largest append the server takes at once; a larger one to one stream goes in several parts. */
  readonly maxAppendBytes: number;
  /** Calls under way at once, subscriptions not counted. */
  readonly parallelCalls: number;
}

export const kurrentDefaults: KurrentOptions = {
  // A server gives up a write its cluster does not acknowledge after 2 s and says so; less would never hear
  // it.
  deadlineMs: 2_500,
  // The client calls anything shorter too short, and a server may close a connection that is probed too
  // often.
  keepAliveIntervalMs: 10_000,
  keepAliveTimeoutMs: 5_000,
  // What servers before 25.1 accept unless told otherwise.
  maxAppendBytes: 1024 * 1024,
  // A server takes 100 calls per connection; subscriptions need theirs, which last as long as the process.
  parallelCalls: 64,
};
