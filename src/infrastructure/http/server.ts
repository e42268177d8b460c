import helmet from '@fastify/helmet';
import type { Type, DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { EventLog } from '../../application/event-log.js';
import type { ReadStore } from '../../projections/projection.js';
import { FrameworkLogger } from '../logging.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Tracing } from '../tracing/tracing.js';
import type { KnownCallers } from './access.js';
import { guardRoutes } from './access.js';
import type { Admission } from './admission/admission.js';
import { BoundedInterceptor } from './admission/bounded.interceptor.js';
import { useBodyParsers } from './body-parsers.js';
import { useCommandContexts } from './command-requests.js';
import { KnownRoutes } from './known-routes.js';
import { apiPrefix, docsPath } from './openapi-paths.js';
import { serveDocumentation } from './openapi.js';
import { useWaitFor } from './own-writes.js';
import { useEtags } from './etags.js';
import type { HttpLimits } from './limits.js';
import { malformedAddress, refuseUnreadable, refuseUnreadableQueries } from './unreadable-requests.js';
import { ProblemFilter } from './problem.filter.js';
import { correlationIdOf, useRequestLog } from './request-log.js';
import { useRequestTracing } from './request-tracing.js';
import { useRequestMetrics } from './request-metrics.js';
import { validationPipe } from './validation.js';

export interface ServerParts extends KnownCallers {
  readonly log: EventLog;
  readonly readStore: ReadStore;
  /** Keys the hashes by which repeated requests are compared. */
  readonly fingerprintKey: Buffer;
  readonly logger: Logger;
  readonly limits: HttpLimits;
  readonly admission: Admission;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
}

export interface Server {
  readonly app: NestFastifyApplication;
  readonly routes: KnownRoutes;
}

/** Two GiB over a slow line take an hour; headers alone have Node's own, much shorter limit. */
const longestUploadMs = 3_600_000;

/** The HTTP side of the service, ready to listen or to be injected into. */
export async function createServer(module: Type | DynamicModule, parts: ServerParts): Promise<Server> {
  const routes = new KnownRoutes();
  const adapter = new FastifyAdapter({
    serverFactory: parts.admission.doorstep.serverFactory,
    genReqId: correlationIdOf,
    requestTimeout: longestUploadMs,
    // Who comes while the service stops is told so by its own answer (`Admission.close`).
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: (_error: Error, _asked: FastifyRequest, reply: FastifyReply) => malformedAddress(reply),
  });
  // One and the same library; only the adapter's types come from its own copy of them.
  const server = adapter.getInstance() as unknown as FastifyInstance;
  useHooks(server, parts, routes);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false, abortOnError: false, logger: new FrameworkLogger(parts.logger),
  });
  app.setGlobalPrefix(apiPrefix, { exclude: ['health/live', 'health/ready'] });
  app.useGlobalPipes(validationPipe());
  app.useGlobalInterceptors(new BoundedInterceptor());
  app.useGlobalFilters(new ProblemFilter(parts.logger, (path) => routes.methodsOf(path)));
  serveDocumentation(app, server);
  await app.init();
  await server.ready();
  return { app, routes };
}

/** In the order in which a request meets them. */
function useHooks(server: FastifyInstance, parts: ServerParts, routes: KnownRoutes): void {
  routes.watch(server);
  useRequestLog(server, parts.logger);
  useRequestMetrics(server, parts.metrics);
  useRequestTracing(server, parts.tracing);
  parts.admission.guard(server);
  refuseUnreadableQueries(server);
  void server.register(helmet, { contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  guardRoutes(server, parts, [docsPath]);
  useBodyParsers(server, parts.limits);
  useCommandContexts(server, parts.fingerprintKey, () => parts.identity.now());
  useWaitFor(server, parts.log, parts.readStore);
  useEtags(server);
}
