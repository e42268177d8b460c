import type { Pool } from 'pg';
import { InvalidConfig } from '../config.js';
import type { KurrentServer } from './open-event-store.js';

interface Standing { readonly held: boolean; readonly ahead: boolean }

/** `held`: the database has a log of its own. `ahead`: its tables were filled from another one. */
const standing = `
  SELECT h.position > 0 AS held,
    EXISTS (SELECT FROM read.checkpoints AS c WHERE c.position > h.position) AS ahead
  FROM log.head AS h`;

/**
 * Keys and tables belong to one log. Under another one a table would go on from a place that means something
 * else there, and nobody would notice before the next proof.
 */
export async function assertOneLog(pool: Pool, kurrent: KurrentServer | undefined): Promise<void> {
  const { rows: [{ held, ahead }] } = await pool.query<Standing>(standing);
  if (kurrent && held) {
    throw new InvalidConfig(['EVENT_STORE_URL: this database holds a log of its own; take an empty one']);
  }
  if (!kurrent && ahead) {
    throw new InvalidConfig([
      'EVENT_STORE_URL: is missing, or log.head was put back: the tables are ahead of this log',
    ]);
  }
}
