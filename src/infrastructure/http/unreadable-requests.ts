import type { ConnectionError, FastifyInstance, FastifyReply } from 'fastify';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, problemBody, problemType } from './problem.js';
import type { RefusalCode } from './refusals.js';

/** Refused by the router before any hook or filter of ours. */
export function malformedAddress(reply: FastifyReply): void {
  const { status, body } = problemBody(new Problem('http/malformed'));
  void reply.status(status).type(problemType).send(JSON.stringify(body));
}

/** The framework takes an escape that is none for the text itself: a filter would look for it in vain. */
export function refuseUnreadableQueries(server: FastifyInstance): void {
  server.addHook('onRequest', async ({ url }) => {
    const start = url.indexOf('?');
    if (start >= 0 && !isDecodable(url.slice(start))) throw new Problem('http/malformed');
  });
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** Refused by the parser of HTTP: there is no request to answer, only a connection. */
export function refuseUnreadable(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  const { status, body } = problemBody(new Problem(codeOf(error)));
  const text = JSON.stringify(body);
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n`
    + `Content-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function codeOf({ code }: ConnectionError): RefusalCode {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW': return 'http/headers-too-large';
    case 'ERR_HTTP_REQUEST_TIMEOUT': return 'http/timeout';
    default: return 'http/malformed';
  }
}
