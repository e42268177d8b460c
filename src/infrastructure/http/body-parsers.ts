import type { FastifyInstance } from 'fastify';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import { Problem } from './problem.js';

/** A file as it arrives: nothing of it has been read, and it ends with an error past its limit. */
export interface UploadedCsv {
  readonly bytes: Readable;
  /** The content type's charset parameter, lower case. */
  readonly charset: string;
}

/**
 * The only two kinds of body there are: JSON, small and parsed; CSV, handed over as a stream and never held.
 * Anything else is refused with 415.
 */
export function useBodyParsers(
  server: FastifyInstance, limits: { readonly jsonBytes: number; readonly csvBytes: number },
): void {
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: limits.jsonBytes },
    (request, text, done) => {
      if (text === '') return done(null, undefined);
      void parseJson(request, text as string, done);
    });
  server.addContentTypeParser('text/csv', { bodyLimit: limits.csvBytes }, (request, payload, done) => {
    const bytes = new BoundedBytes(limits.csvBytes);
    payload.on('error', (error) => bytes.destroy(error));
    // A file may break off before anybody reads it: its reader is told then, and the process lives on.
    bytes.on('error', () => undefined);
    const charset = charsetOf(request.headers['content-type'] ?? '');
    done(null, { bytes: payload.pipe(bytes), charset } satisfies UploadedCsv);
  });
}

const charsetOf = (contentType: string): string =>
  (/;\s*charset="?([\w.-]{1,40})"?/i.exec(contentType)?.[1] ?? 'utf-8').toLowerCase();

/** Counts what passes: a chunked upload does not say its length beforehand. */
class BoundedBytes extends Transform {
  private seen = 0;

  constructor(private readonly limit: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.seen += chunk.length;
    if (this.seen > this.limit) done(new Problem('http/body-too-large'));
    else done(null, chunk);
  }
}
