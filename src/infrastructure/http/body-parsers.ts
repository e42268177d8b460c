import type { FastifyInstance } from 'fastify';
import { isUtf8 } from 'node:buffer';
import { Transform } from 'node:stream';
import type { Readable, TransformCallback } from 'node:stream';
import type { HttpLimits } from './limits.js';
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
export function useBodyParsers(server: FastifyInstance, limits: HttpLimits): void {
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: limits.jsonBytes },
    (request, body, done) => {
      const bytes = body as Buffer;
      if (bytes.length === 0) return done(null, undefined);
      // Decoded all the same, a name in Big5 would be recorded for good as a row of replacement characters.
      if (!isUtf8(bytes)) return done(new Problem('http/not-utf-8'));
      void parseJson(request, bytes.toString(), done);
    });
  server.addContentTypeParser('text/csv', { bodyLimit: limits.csvBytes }, (request, payload, done) => {
    const bytes = new ArrivingFile(limits);
    payload.on('error', (error) => bytes.destroy(error));
    // A file may break off before anybody reads it: its reader is told then, and the process lives on.
    bytes.on('error', () => undefined);
    const charset = charsetOf(request.headers['content-type'] ?? '');
    done(null, { bytes: payload.pipe(bytes), charset } satisfies UploadedCsv);
  });
}

const charsetOf = (contentType: string): string =>
  (/;\s*charset="?([\w.-]{1,40})"?/i.exec(contentType)?.[1] ?? 'utf-8').toLowerCase();

/**
 * Counts what passes: a chunked upload does not say its length beforehand. Cut when nothing comes any more.
 */
class ArrivingFile extends Transform {
  private seen = 0;
  private readonly silence: NodeJS.Timeout;

  constructor(private readonly limits: Pick<HttpLimits, 'csvBytes' | 'uploadSilenceMs'>) {
    super();
    this.silence = setTimeout(() => this.nothingCame(), limits.uploadSilenceMs).unref();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.silence.refresh();
    this.seen += chunk.length;
    if (this.seen > this.limits.csvBytes) done(new Problem('http/body-too-large'));
    else done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    clearTimeout(this.silence);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.silence);
    done(error);
  }

  private nothingCame(): void {
    // What came before has not been taken yet: it is the sender who waits.
    if (this.readableLength > 0) this.silence.refresh();
    else this.destroy(new Problem('http/timeout'));
  }
}
