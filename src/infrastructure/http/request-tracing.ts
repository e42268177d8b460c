import type { FastifyInstance } from 'fastify';
import type { RequestSpan, SpanFacts, Tracing } from '../tracing/tracing.js';

declare module 'fastify' {
  interface FastifyRequest {
    span: RequestSpan | null;
  }
}

/** A span per request, by the route's pattern. It ends when its connection lets go of it, answered or not. */
export function useRequestTracing(server: FastifyInstance, tracing: Tracing): void {
  server.decorateRequest('span', null);
  server.addHook('onRequest', (request, reply, next) => {
    const { method, id, headers } = request;
    const route = request.is404 ? 'none' : request.routeOptions.url ?? 'none';
    const facts = { 'http.request.method': method, 'http.route': route, 'treasury.correlation_id': id };
    const span = tracing.begin({ name: `${method} ${route}`, facts, headers });
    if (span === null) return next();
    request.span = span;
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw;
      const told: SpanFacts = writableFinished
        ? { 'http.response.status_code': statusCode } : { 'error.type': 'aborted' };
      span.end(told, !writableFinished || statusCode >= 500);
    });
    span.enter(next);
  });
  // A body that arrives later comes out of its connection, which belongs to no request.
  server.addHook('preValidation', ({ span }, _reply, next) => {
    if (span === null) next();
    else span.enter(next);
  });
}
