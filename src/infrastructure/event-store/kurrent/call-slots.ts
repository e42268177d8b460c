import { StoreBusy } from '../store-busy.js';
import { SilentServer } from './failures.js';

/** At a few thousand calls a second the last one waits some seconds: longer, and its caller has given up. */
const maxWaiting = 10_000;

/** How long a caller waits: for its turn, and then for the answer. */
export interface Waits {
  readonly turnMs: number;
  readonly answerMs: number;
}

/**
 * Lets only so many calls be under way at once; the others wait in order, not for ever. A call whose answer
 * does not come in time keeps its place until it ends: what the server still works on is not replaced by more
 * work.
 */
export class CallSlots {
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(slots: number) {
    this.#free = slots;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  async run<T>(call: () => Promise<T>, { turnMs, answerMs }: Waits): Promise<T> {
    await this.#turn(turnMs);
    const answer = call();
    const leave = (): void => this.#leave();
    answer.then(leave, leave);
    return within(answer, answerMs);
  }

  #leave(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }

  #turn(turnMs: number): Promise<void> | void {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.size >= maxWaiting) {
      throw new StoreBusy(`${maxWaiting} calls to the event store are waiting`);
    }
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(begin);
        reject(new StoreBusy(`no call to the event store could begin within ${turnMs} ms`));
      }, turnMs);
      this.#waiting.add(begin);
    });
  }
}

/** The answer, unless it takes longer: the client looks for a node of its cluster for as long as it likes. */
export function within<T>(answer: Promise<T>, ms: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new SilentServer(`no answer within ${ms} ms`)), ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Applies to all, a few at a time, keeping the order of results; after a failure begins no further one. */
export async function inParallel<T, R>(
  items: readonly T[], atOnce: number, apply: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await apply(items[index] as T);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work));
  if (failures.length > 0) throw failures[0];
  return results;
}
