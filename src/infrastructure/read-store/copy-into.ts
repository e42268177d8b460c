import { once } from 'node:events';
import type { ClientBase } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { ReadTable } from './read-table.js';

/**
 * Sends lines of COPY's text format into a table: the fastest way in, and the same for one row and for
 * thousands.
 */
export async function copyInto(client: ClientBase, table: ReadTable, lines: string): Promise<void> {
  const { name, columnList } = table;
  const stream = client.query(copyFrom(`COPY ${name} (${columnList}) FROM STDIN`));
  stream.end(Buffer.from(lines, 'utf8'));
  await once(stream, 'finish');
}
