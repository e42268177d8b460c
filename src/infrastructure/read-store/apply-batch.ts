import type { ClientBase } from 'pg';
import type { Position, StoredFact } from '../../application/event-log.js';
import { moveCheckpoint } from './checkpoints.js';
import type { ReadTable } from './read-table.js';
import { inTransaction } from './transaction.js';
import { writeFacts } from './write-facts.js';

/** Every fact of the projection's kinds between two positions: after `from`, up to and with `to`. */
export interface Batch {
  readonly from: Position;
  readonly to: Position;
  readonly facts: readonly StoredFact[];
}

/**
 * Rows and checkpoint in one transaction: both or neither. The checkpoint goes first: its row lock makes a
 * second projector wait, the comparison sends it away, and nothing was written. False means that: somebody
 * else is at work.
 */
export function applyBatch(client: ClientBase, table: ReadTable, batch: Batch): Promise<boolean> {
  const { projection: { name: projection, version } } = table;
  return inTransaction(client, async () => {
    const isOurs = await moveCheckpoint(client, { projection, version, from: batch.from, to: batch.to });
    if (isOurs && batch.facts.length > 0) await writeFacts(client, table, batch.facts);
    return isOurs;
  });
}
