import { StoreBusy } from '../store-busy.js';

/** At a few thousand calls a second the last one waits some seconds: longer, and its caller has given up. */
const maxWaiting = 10_000;

/** Lets only so many calls be under way at once; the others wait in order, and too many are refused. */
export class CallSlots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(slots: number) {
    this.#free = slots;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  #enter(): Promise<void> | void {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    if (this.#waiting.length >= maxWaiting) throw new StoreBusy(`${maxWaiting} calls to the event store are waiting`);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
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
