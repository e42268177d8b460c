import { setTimeout as pause } from 'node:timers/promises';

/** Longer than a password's hash and the facts around it take, on a machine that is not overloaded. */
const beatMs = 250;

/**
 * Answers leave on a beat counted from their request: whether somebody is registered can then not be told by
 * how long "no" took.
 */
export async function onTheBeat<T>(work: () => Promise<T>, isPaced: (result: T) => boolean): Promise<T> {
  const started = performance.now();
  const result = await work();
  if (isPaced(result)) {
    const took = performance.now() - started;
    await pause(Math.ceil(took / beatMs) * beatMs - took);
  }
  return result;
}
