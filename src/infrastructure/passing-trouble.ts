import { isLoss as isKurrentLoss } from './event-store/kurrent/failures.js';
import { StoreBusy } from './event-store/store-busy.js';
import { isConnectionLoss, isPassing, isRefusedByServer, pause } from './postgres/connection-loss.js';

export type PassingTrouble = 'unreachable' | 'busy' | 'full';

/**
 * What went wrong and will pass by itself, so that the caller is told to come again: the database cannot be
 * reached, it has no space left, or too much is going on (a lock or a statement that took too long, no
 * connection left). Null: our mistake, or nobody knows.
 */
export function passingTrouble(thrown: unknown): PassingTrouble | null {
  if (isDiskFull(thrown)) return 'full';
  if (thrown instanceof StoreBusy) return 'busy';
  if (isKurrentLoss(thrown)) return 'unreachable';
  if (isRefusedByServer(thrown)) return isPassing(thrown) ? 'busy' : null;
  if (thrown instanceof Error && thrown.message === noConnectionFree) return 'busy';
  return isConnectionLoss(thrown) && comesFromConnection(thrown as Error) ? 'unreachable' : null;
}

/** Refused by the server, told by itself or as why an append was put off: nothing was stored. */
const isDiskFull = (thrown: unknown): boolean => thrown instanceof Error
  && ((thrown as { code?: unknown }).code === diskFull || isDiskFull(thrown.cause));
const diskFull = '53100';

const betweenAttemptsMs = 250;

/**
 * For what is done at the start and may be done again: a database that goes away in the middle of it must not
 * end the process, which would only be started into the same trouble.
 */
export async function untilItPasses<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (passingTrouble(error) === null) throw error;
    }
    await pause(betweenAttemptsMs, signal);
  }
}

/**
 * `isConnectionLoss` is meant for errors of a query. Here any error may come by, and a plain `Error` of our
 * own is a bug and no lost connection: those of the network and of `pg` are known by code or by their words.
 */
function comesFromConnection(error: Error): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^(E[A-Z]+|08\w{3}|57P\w{2}|25P0[34]|53300|58\w{3})$/.test(code);
  if (error instanceof AggregateError) {
    return error.errors.every((one) => one instanceof Error && comesFromConnection(one));
  }
  return wordsOfLoss.test(error.message);
}

/** What the pool says to who waited too long for one of its connections. */
const noConnectionFree = 'timeout exceeded when trying to connect';
const wordsOfLoss = new RegExp([
  'Connection terminated', 'timeout expired', 'Query read timeout',
  'Client has encountered a connection error', 'Client was closed', 'the database does not answer',
].join('|'));
