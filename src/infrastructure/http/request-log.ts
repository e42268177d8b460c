import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { isUuid } from '../../application/name-based-uuid.js';

export const correlationHeader = 'x-correlation-id';

/** The caller's correlation id where it is a UUID. Anything else could be a name or a number of a person. */
export function correlationIdOf({ headers }: IncomingMessage): string {
  const given = headers[correlationHeader];
  return typeof given === 'string' && isUuid(given) ? given : randomUUID();
}

/**
 * One line per request: the route's pattern, never its address: queries carry what people look for. Who was
 * turned away is told by the line of that second (`RefusalTally`).
 */
export function useRequestLog(server: FastifyInstance, log: Logger): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header(correlationHeader, request.id);
  });
  server.addHook('onResponse', async (request, reply) => {
    if (request.isTurnedAway) return;
    const route = request.is404 ? null : request.routeOptions.url;
    log.info({
      method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime),
      by: request.principal?.id, correlationId: request.id,
    }, 'request');
  });
}
