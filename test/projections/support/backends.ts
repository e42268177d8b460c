import type { ReadSide } from './read-side.js';
import { until } from './read-side.js';

/** `pg_locks` shows every database of the server, and the tests running beside this one have theirs. */
const here = 'database = (SELECT oid FROM pg_database WHERE datname = current_database())';

/** Ends the session that holds the projection's lock, as a network that breaks or an administrator would. */
export async function killProjector({ pool }: ReadSide): Promise<void> {
  await until('a projector was there to kill', async () => {
    const { rowCount } = await pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND classid = 7305010 AND granted AND ${here}`);
    return rowCount === 1;
  });
}

export async function waitingForTable({ pool }: ReadSide): Promise<number> {
  const { rowCount } = await pool.query(
    `SELECT FROM pg_locks WHERE relation = 'read.counted_facts'::regclass AND NOT granted AND ${here}`);
  return rowCount ?? 0;
}

/** From now on it takes a projector a second to write down where it stopped. */
export async function slowStops({ pool }: ReadSide): Promise<void> {
  await pool.query(`
    CREATE FUNCTION read.slow_stop() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF current_query() LIKE '%SET stopped = $2%' THEN PERFORM pg_sleep(1); END IF;
      RETURN NULL;
    END $$;
    CREATE TRIGGER slow_stop BEFORE UPDATE ON read.checkpoints
      FOR EACH STATEMENT EXECUTE FUNCTION read.slow_stop();`);
}
