import type { Pool } from 'pg';
import type { Projection } from '../../projections/projection.js';
import { addCheckpoint, readCheckpoint } from './checkpoints.js';
import { ReadTable, liveSchema } from './read-table.js';
import { inTransaction } from './transaction.js';

/** Any constant does, as long as every version of the service uses the same one. */
const creationLock = 7_305_013;

/**
 * Makes the tables that are not there yet, empty, so that queries have something to ask from the first moment
 * on. Any number of processes may call it at once. A table of another version is left to the projector's
 * rebuild.
 */
export async function createReadTables(pool: Pool, projections: readonly Projection[]): Promise<void> {
  const client = await pool.connect();
  try {
    await inTransaction(client, async () => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [creationLock]);
      for (const projection of projections) {
        if (await readCheckpoint(client, projection.name)) continue;
        const table = new ReadTable(projection, liveSchema);
        for (const sql of [table.createSql, table.primaryKeySql, ...table.indexSql]) await client.query(sql);
        await addCheckpoint(client, projection.name, projection.version);
      }
    });
  } finally {
    client.release();
  }
}
