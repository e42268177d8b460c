import type { Pool } from 'pg';
import type { Projection } from '../../projections/projection.js';
import { addCheckpoint, readCheckpoint } from './checkpoints.js';
import { ReadTable, liveSchema } from './read-table.js';
import { ensureViewerRoles, policySql, renewPolicies } from './row-policies.js';
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
      await ensureViewerRoles(client);
      for (const projection of projections) {
        const table = new ReadTable(projection, liveSchema);
        const checkpoint = await readCheckpoint(client, projection.name);
        if (checkpoint) {
          // One of another version is replaced by a rebuild, policies and all.
          if (checkpoint.version === projection.version) await renewPolicies(client, table);
          continue;
        }
        const statements = [table.createSql, policySql(table), table.primaryKeySql, ...table.indexSql];
        for (const sql of statements) await client.query(sql);
        await addCheckpoint(client, projection.name, projection.version);
      }
    });
  } finally {
    client.release();
  }
}
