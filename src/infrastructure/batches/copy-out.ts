import type pg from 'pg';

/** Signature, flags and extension length in front of the first row. */
const headerBytes = 19;
const fieldCountBytes = 2;
const lengthBytes = 4;

/**
 * The one bytea that a `SELECT` finds, by COPY … TO STDOUT: `pg` makes a string of every value of an ordinary
 * answer, also of a binary one, which costs seven milliseconds a megabyte as hex and corrupts it as text.
 * Undefined where there is no row.
 */
export function copyOutBytes(client: pg.ClientBase, select: string): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    client.query(new CopyOut(`COPY (${select}) TO STDOUT (FORMAT binary)`, (error, bytes) => {
      if (error) reject(error);
      else resolve(bytes);
    }));
  });
}

/** What `pg` calls back while this is the query at work on the connection. */
class CopyOut {
  /** `pg` wraps it to stop its own clock (`query_timeout`). */
  callback: (error: Error | null) => void;
  private readonly received: Buffer[] = [];

  constructor(private readonly statement: string, done: (error: Error | null, bytes?: Buffer) => void) {
    this.callback = (error) => (error ? done(error) : done(null, onlyValue(this.received)));
  }

  submit(connection: pg.Connection): void {
    connection.query(this.statement);
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    // Copied: it lies in a buffer that the driver fills again with what comes next.
    this.received.push(Buffer.from(chunk));
  }

  handleCommandComplete(): void {
    // How many rows there were is seen from the data.
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }

  handleError(error: Error): void {
    this.callback(error);
  }
}

/** Header, one row of one field, and the end mark; or header and end mark alone. */
function onlyValue(received: readonly Buffer[]): Buffer | undefined {
  const data = received.length === 1 ? received[0] : Buffer.concat(received);
  if (data.readInt16BE(headerBytes) === -1) return undefined;
  const start = headerBytes + fieldCountBytes + lengthBytes;
  return data.subarray(start, start + data.readInt32BE(headerBytes + fieldCountBytes));
}
