import type { FastifyInstance } from 'fastify';
import type { Metrics } from '../metrics/metrics.js';

/** By the route's pattern, never by the address: addresses are without number, and hold ids. */
export function useRequestMetrics(server: FastifyInstance, { requestSeconds }: Metrics): void {
  server.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: reply.statusCode };
    requestSeconds.observe(labels, reply.elapsedTime / 1_000);
  });
}
