import type { FastifyContextConfig, FastifyInstance, FastifyServerFactory } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { correlationHeader, correlationIdOf } from '../request-log.js';
import { isBodyMissing } from './arriving-body.js';
import type { Refusal } from './refusal.js';

/** Five hundred accounts by their ids, every other filter and a session. Node's own limit takes 350. */
const longestHeadBytes = 32 * 1024;

/** Files come at their sender's pace and wait for their verdict: counted apart, and without a deadline. */
export const isUpload = ({ body }: FastifyContextConfig): boolean => body === 'text/csv';

/**
 * Where requests are refused while nobody can be let in: before a route is looked up and before any hook.
 * Under five times the load four in five are refused, and what that costs is taken from the fifth.
 */
export class Doorstep {
  /** Addresses of routes that have rules of their own: probes and uploads. They are judged inside. */
  private readonly passing = new Set<string>();

  /** `refuse` says, and counts, what is to be told to whoever comes now; null: come in. */
  constructor(private readonly refuse: () => Refusal | null) {}

  watch(server: FastifyInstance): void {
    server.addHook('onRoute', ({ url, config = {} }) => {
      if (config.neverRefused || isUpload(config)) this.passing.add(url);
    });
  }

  /** Node's own server, as the framework would make it, with us in front of the framework. */
  readonly serverFactory: FastifyServerFactory = (handler, options) => {
    const times = options as Readonly<Record<string, number>>;
    const { keepAliveTimeout, requestTimeout, connectionTimeout } = times;
    const server = createServer({ maxHeaderSize: longestHeadBytes }, (request, response) => {
      const refusal = this.passing.has(pathOf(request)) ? null : this.refuse();
      if (refusal === null) handler(request, response);
      // A body that came together with the head is taken in first: the connection can be used again then.
      else setImmediate(answer, request, response, refusal);
    });
    Object.assign(server, { keepAliveTimeout, requestTimeout });
    return server.setTimeout(connectionTimeout);
  };
}

const pathOf = ({ url = '' }: IncomingMessage): string => {
  const end = url.indexOf('?');
  return end < 0 ? url : url.slice(0, end);
};

function answer(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { status, headers, text } = refusal;
  response.writeHead(status, {
    ...headers, [correlationHeader]: correlationIdOf(request), 'content-length': Buffer.byteLength(text),
    ...(isBodyMissing(request) && { connection: 'close' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
