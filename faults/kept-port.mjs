import { randomInt } from 'node:crypto';

/** Below what systems hand out to outgoing connections (32768 and up on Linux). */
const range = [20_000, 32_000];
const attempts = 50;

/**
 * A free port that stays free while its process is down between a kill and the next start: one that the
 * system hands out could be taken by any connection in between.
 */
export async function keptPort(copy) {
  const { freePort } = await copy.load('infrastructure/embedded-postgres/server.js');
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const wanted = randomInt(...range);
    if (await freePort(wanted) === wanted) return wanted;
  }
  throw new Error(`no free port between ${range.join(' and ')}`);
}
