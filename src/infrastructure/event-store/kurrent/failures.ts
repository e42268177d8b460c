import { setTimeout as sleep } from 'node:timers/promises';

/** No word from the server within the time allowed, though the connection still stands. */
export class SilentServer extends Error {
  override readonly name = 'SilentServer';
}
/** The server ended a call that should have gone on. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
}

interface CallFailure extends Error {
  readonly code: number;
  readonly details?: string;
  readonly metadata?: { get(name: string): readonly unknown[] };
}
/** Other errors have numbers for codes too: that of an aborted wait is 20. */
const isCallFailure = (error: unknown): error is CallFailure =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && 'metadata' in error;

/** gRPC statuses with which a server says no for good: the same request will never succeed. */
const refusals = new Set([
  3 /* invalid argument */, 7 /* permission denied */, 9 /* failed precondition */, 11 /* out of range */,
  12 /* unimplemented */, 16 /* unauthenticated */,
]);
const unavailable = 14;
/**
 * Of the client itself, which throws them without a status: no node answers, or a channel was just given up.
 */
const lostBeforeSending = /^(Failed to discover after|Channel has been shut down)/;

/**
 * What is not an answer: reset, closed, timed out, no leader, a server that ended the call. A write may or
 * may not have happened; a read may be repeated.
 */
export function isLoss(error: unknown): error is Error {
  if (error instanceof SilentServer || error instanceof EndedEarly) return true;
  if (isCallFailure(error)) return !refusals.has(error.code);
  return error instanceof Error && lostBeforeSending.test(error.message);
}

/** Refused before it did anything: another node leads. The client has already turned to that node. */
export const isNotLeader = (error: unknown): boolean =>
  isCallFailure(error) && String(error.metadata?.get('exception')[0] ?? '') === 'not-leader';

/** Refused before it did anything: too much to do, or not yet ready. */
export const isBusy = (error: unknown): boolean => isCallFailure(error) && error.code === unavailable
  && /^Server Is (Too Busy|Not Ready)$/.test(error.details ?? '');

export const causeOf = (error: Error): string => `${error.name}: ${error.message}`;

/** Resolves after the time, or at once when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
/** A server that restarts, or a cluster that elects a leader, is usually back by then. */
const patienceMs = 5_000;

/** How long a read that may be repeated goes on being repeated: counts from the last time it got anywhere. */
export class Patience {
  #since = performance.now();
  #pauseMs = firstPauseMs;

  constructor(private readonly signal: AbortSignal, private readonly lastsMs = patienceMs) {}

  progressed(): void {
    this.#since = performance.now();
    this.#pauseMs = firstPauseMs;
  }

  /** Waits before the next attempt; throws the failure when there shall be none. */
  async afterLoss(error: unknown): Promise<void> {
    const exhausted = performance.now() - this.#since + this.#pauseMs > this.lastsMs;
    if (!isLoss(error) || exhausted || this.signal.aborted) throw error;
    await pause(this.#pauseMs, this.signal);
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
  }
}
