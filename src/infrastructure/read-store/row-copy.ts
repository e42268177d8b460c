import { once } from 'node:events';
import type { ClientBase } from 'pg';
import type { CopyStreamQuery } from 'pg-copy-streams';
import { from as copyFrom } from 'pg-copy-streams';
import { longStatement } from './long-statement.js';
import type { ReadTable } from './read-table.js';

/**
 * Rows on their way into a table by COPY, the fastest way in. It opens with the first row and stays open
 * until it is closed; in between the connection is good for nothing else.
 */
export class RowCopy {
  private stream: CopyStreamQuery | null = null;
  private failure: Error | null = null;

  constructor(private readonly client: ClientBase, private readonly table: ReadTable) {}

  /**
   * Lines of COPY's text format. Resolves when the connection has taken them, so a slow server slows us down.
   */
  async append(lines: string): Promise<void> {
    const stream = this.stream ?? this.open();
    if (this.failure) throw this.failure;
    if (!stream.write(Buffer.from(lines, 'utf8'))) await once(stream, 'drain');
  }

  /** Resolves when every row is in the table. */
  async close(): Promise<void> {
    const { stream } = this;
    this.stream = null;
    if (this.failure) throw this.failure;
    if (!stream) return;
    stream.end();
    await once(stream, 'finish');
  }

  private open(): CopyStreamQuery {
    const { name, columnList } = this.table;
    const copy = Object.assign(copyFrom(`COPY ${name} (${columnList}) FROM STDIN`), longStatement);
    // Nobody listens between two rows; an error then is kept for whoever comes next.
    copy.on('error', (error) => { this.failure = error; });
    this.stream = this.client.query(copy);
    return this.stream;
  }
}
