import type { FastifyInstance } from 'fastify';
import type { EventLog, Position } from '../../application/event-log.js';
import { comparePositions } from '../../application/event-log.js';
import type { ReadStore } from '../../projections/projection.js';
import { bounded } from './admission/admission.js';
import { Problem } from './problem.js';
import { declareRoute } from './route-config.js';

/** Longest a reader waits for its own write; projections are normally a few milliseconds behind. */
const longestWaitMs = 5_000;
const positionPattern = /^(0|[1-9]\d{0,18})$/;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The projections a route answers from. */
    reads?: readonly string[];
  }
}

export const Reads = (...projections: readonly string[]): MethodDecorator =>
  declareRoute({ reads: projections });

/** `?wait-for=<position>` on a read: the answer contains everything up to that position, or is 503. */
export function useWaitFor(server: FastifyInstance, log: EventLog, readStore: ReadStore): void {
  server.addHook('preHandler', async (request) => {
    const { reads } = request.routeOptions.config;
    const asked = (request.query as Record<string, unknown>)['wait-for'];
    if (asked === undefined || reads === undefined || request.method !== 'GET') return;
    const waiting = existingPosition(asked, log).then((position) =>
      Promise.all(reads.map((name) => readStore.waitFor(name, position, longestWaitMs))));
    const passed = await bounded(request, waiting);
    if (passed.includes(false)) throw new Problem('http/not-caught-up', { headers: { 'retry-after': '1' } });
  });
}

/** A position nobody has written yet is a mistake, and would be waited for in vain. */
async function existingPosition(asked: unknown, log: EventLog): Promise<Position> {
  if (typeof asked !== 'string' || !positionPattern.test(asked)) throw invalid();
  if (comparePositions(asked, await log.head()) > 0) throw invalid();
  return asked;
}

const invalid = (): Problem => new Problem('http/invalid-input', {
  errors: [{ path: 'wait-for', code: 'unknown-position', message: '不是已有的位置 / not a position of the log' }],
});
