import { types } from 'node:util';
import pg from 'pg';

const { isNativeError } = types;

/**
 * SQLSTATE classes after which the session is gone or was never there: connection failures, shutdown, a
 * terminated session, too many connections, an input/output or internal error of the server.
 */
const sessionEnded = /^(08|57P|25P0[34]|53300|58|XX)/;

/**
 * The server read the statement, refused it, and still serves this session: what it was asked to do did not
 * happen. The severity field cannot tell: it is translated into the server's language.
 */
export const isRefusedByServer = (error: unknown): error is pg.DatabaseError =>
  error instanceof pg.DatabaseError && error.code !== undefined && !sessionEnded.test(error.code)
  && error.file !== writesAheadLog;

/**
 * Where the server raises what goes wrong with its write-ahead log, a full disk among it: it goes down with
 * that, and what was to be committed may be found there when it comes back.
 */
const writesAheadLog = 'xlog.c';

/** What `pg` and the network report with: reset, closed, timed out, refused on all addresses, terminated. */
const namesOfLoss = new Set(['Error', 'AggregateError', 'error']);

/** Not a refusal by the server, and not a mistake in our own code (a TypeError, a RangeError). */
export const isConnectionLoss = (error: unknown): boolean =>
  isNativeError(error) && namesOfLoss.has(error.name) && !isRefusedByServer(error);

/** Lock and statement timeouts, no memory or disk left, deadlock: nothing happened, later it may. */
const passing = /^(55P03|57014|53|40)/;

export const isPassing = (error: pg.DatabaseError): boolean => passing.test(error.code ?? '');

const firstPauseMs = 50;
const longestPauseMs = 1_000;

export interface RetryUntil {
  /** No attempt starts after this long; without it, only `signal` ends the attempts. */
  readonly withinMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Repeats what may be repeated safely (reading, connecting) while the server is away. Never used for writing.
 */
export async function retryOnConnectionLoss<T>(read: () => Promise<T>, until: RetryUntil): Promise<T> {
  const startedAt = performance.now();
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await read();
    } catch (error) {
      const nextAfterMs = performance.now() - startedAt + pauseMs;
      const tooLate = until.withinMs !== undefined && nextAfterMs > until.withinMs;
      if (!isConnectionLoss(error) || tooLate || until.signal?.aborted) throw error;
    }
    await pause(pauseMs, until.signal);
  }
}

/** Resolves after the time, or at once when the signal aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
