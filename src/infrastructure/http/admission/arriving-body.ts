import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { Problem } from '../problem.js';

export const hasBody = ({ method, headers }: FastifyRequest): boolean => method !== 'GET' && method !== 'HEAD'
  && announcesBody(headers);

const announcesBody = (headers: IncomingMessage['headers']): boolean =>
  Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;

/** Some of it has yet to come. */
export const isBodyMissing = ({ headers, complete }: IncomingMessage): boolean =>
  announcesBody(headers) && !complete;

/** The same bytes; 408 when they have not all come in time. */
export function withinTime(payload: Readable, ms: number): Readable {
  const bytes = new PassThrough();
  const deadline = setTimeout(() => bytes.destroy(new Problem('http/timeout')), ms).unref();
  bytes.once('close', () => clearTimeout(deadline));
  // Its reader may have turned away already, from a body that is too large.
  bytes.on('error', () => undefined);
  payload.once('error', (error) => bytes.destroy(error));
  return payload.pipe(bytes);
}
