import type pg from 'pg';

export const writerName = 'treasury log writer';
/** A group is written in some 20 ms, a chunk of a batch in 100: whoever is silent so long will not go on. */
const silentSeconds = 2;

/**
 * Ends the sessions of writers that hold the head and have fallen silent in the middle of a COPY. No timeout
 * of the server's reaches them: while it reads a COPY it heeds none. A writer that was alive after all asks
 * again under the same command id, and nothing is written twice.
 */
export async function endSilentWriters(client: pg.ClientBase): Promise<void> {
  await client.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = $1 AND datname = current_database() AND usename = current_user
       AND pid <> pg_backend_pid() AND state = 'active' AND wait_event = 'ClientRead'
       AND xact_start < clock_timestamp() - make_interval(secs => $2)`,
    [writerName, silentSeconds]);
}
