import type pg from 'pg';

type Chunks = Iterable<Buffer> | AsyncIterable<Buffer>;

/** As `pg` takes it with a query: how long the client waits, where the pool's own limit is too short. */
interface CopyOptions { readonly query_timeout?: number }

const headerBytes = 5;
const copyData = 'd'.charCodeAt(0);
const copyDone = Buffer.from([0x63, 0, 0, 0, 4]);

/**
 * COPY … FROM STDIN on one connection, as fast as the socket takes it; answers how many rows were stored. The
 * statement may go on after the COPY (`…; COMMIT`), which spares a round trip.
 * A promise instead of a writable stream: however it ends (stored, refused half-way, connection cut, timed
 * out), the caller learns it at one place, and chunks are sent as they are, without a copy. Where the source
 * of the chunks fails, it is that error which the caller gets, not the server's that the COPY was given up.
 */
export function copyIn(
  client: pg.ClientBase, statement: string, chunks: Chunks, options: CopyOptions = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const copy = new CopyIn(statement, chunks, (error, rows) => (error ? reject(error) : resolve(rows)));
    client.query(Object.assign(copy, options));
  });
}

/** What `pg` calls back while this is the query at work on the connection. */
class CopyIn {
  /** `pg` wraps it to stop its own clock (`query_timeout`). */
  callback: (error: Error | null) => void;
  #rows = 0;
  #over = false;
  #sourceFailed: { readonly error: unknown } | undefined;

  constructor(
    private readonly statement: string,
    private readonly chunks: Chunks,
    done: (error: unknown, rows: number) => void,
  ) {
    this.callback = (error) => done(this.#sourceFailed?.error ?? error, this.#rows);
  }

  /** Rows follow at once: where the server refuses the statement it lets them pass unread. */
  submit(connection: pg.Connection): void {
    connection.query(this.statement);
    this.#send(connection).catch((error: unknown) => {
      if (this.#over) return;
      this.#sourceFailed = { error };
      connection.stream.write(copyFail(error));
    });
  }

  handleCopyInResponse(): void {
    // Not waited for.
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    if (text.startsWith('COPY')) this.#rows = Number(text.split(' ').at(-1));
  }

  handleReadyForQuery(): void {
    this.#over = true;
    this.callback(null);
  }

  handleError(error: Error): void {
    this.#over = true;
    this.callback(error);
  }

  async #send({ stream }: pg.Connection): Promise<void> {
    for await (const chunk of this.chunks) {
      if (this.#over) return;
      const header = Buffer.allocUnsafe(headerBytes);
      header[0] = copyData;
      header.writeInt32BE(chunk.length + headerBytes - 1, 1);
      // In one system call: five bytes by themselves would wake the server for nothing.
      stream.cork();
      stream.write(header);
      const isFull = !stream.write(chunk);
      stream.uncork();
      if (isFull) await drained(stream);
    }
    if (!this.#over) stream.write(copyDone);
  }
}

/** Resolves also when the connection is gone: its error reaches the query by itself. */
function drained(stream: pg.Connection['stream']): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    if (stream.destroyed) return resolve();
    stream.on('drain', done).on('close', done);
  });
}

/** Tells the server to roll the COPY back; the query then fails with its answer. */
function copyFail(error: unknown): Buffer {
  const reason = Buffer.from(`${error instanceof Error ? error.message : String(error)}\0`);
  const message = Buffer.allocUnsafe(headerBytes + reason.length);
  message.write('f');
  message.writeInt32BE(reason.length + headerBytes - 1, 1);
  reason.copy(message, headerBytes);
  return message;
}
