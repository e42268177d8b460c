import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Readiness } from './readiness.js';

/** What Prometheus reads: its text format and the content type that goes with it. */
export interface MetricsText {
  readonly contentType: string;
  metrics(): Promise<string>;
}

export interface ManagementParts {
  readonly readiness: Readiness;
  readonly metrics: MetricsText;
  readonly host: string;
  readonly port: number;
}

interface Answer { readonly status: number; readonly type: string; readonly body: string }

/** A request of this size and slowness is neither a probe nor Prometheus. */
const limits = { maxHeaderSize: 8 * 1024, requestTimeout: 5_000, keepAliveTimeout: 5_000 };

/**
 * Liveness, readiness and metrics of one process, whatever its role, on a port of their own. Metrics tell how
 * busy the treasury is and which routes are asked for: nothing for the public port, and a port of its own can
 * be closed by the network, where a path behind the same proxy is one rule away from the world.
 */
export class ManagementServer {
  private constructor(private readonly server: Server) {}

  static async listen(parts: ManagementParts): Promise<ManagementServer> {
    const server = createServer(limits, (request, response) => { void answer(request, response, parts); });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(parts.port, parts.host, resolve);
    });
    return new ManagementServer(server);
  }

  get address(): AddressInfo {
    return this.server.address() as AddressInfo;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(
  request: IncomingMessage, response: ServerResponse, parts: ManagementParts,
): Promise<void> {
  const { status, type, body } = await answerTo(request, parts)
    .catch((): Answer => json(500, { status: 'failed' }));
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(request.method === 'HEAD' ? undefined : body);
}

type Route = (parts: ManagementParts) => Promise<Answer>;
const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/health/live', async () => json(200, { status: 'ok' })],
  ['/health/ready', async ({ readiness }) => readinessAnswer(await readiness.waitingFor())],
  ['/metrics', async ({ metrics }) =>
    ({ status: 200, type: metrics.contentType, body: await metrics.metrics() })],
]);

async function answerTo({ method, url = '' }: IncomingMessage, parts: ManagementParts): Promise<Answer> {
  const route = routes.get(url.split('?')[0] ?? '');
  if (route === undefined) return json(404, { status: 'not found', there: [...routes.keys()] });
  if (method !== 'GET' && method !== 'HEAD') return json(405, { status: 'method not allowed' });
  return route(parts);
}

const readinessAnswer = (waitingFor: readonly string[]): Answer =>
  waitingFor.length === 0 ? json(200, { status: 'ok' }) : json(503, { status: 'waiting', waitingFor });

const json = (status: number, body: object): Answer =>
  ({ status, type: 'application/json; charset=utf-8', body: `${JSON.stringify(body)}\n` });
