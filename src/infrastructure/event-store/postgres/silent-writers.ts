import { connectClient } from '../../postgres/pool.js';

export const writerName = 'treasury log writer';
/** A group is written in some 20 ms, a chunk of a batch in 100: whoever is silent so long will not go on. */
const silentSeconds = 2;

const warden = { applicationName: 'treasury log warden' };

/**
 * Ends the sessions of writers that hold the head and have fallen silent in the middle of a COPY. No timeout
 * of the server's reaches them: while it reads a COPY it heeds none. A writer that was alive after all asks
 * again under the same command id, and nothing is written twice. Over a connection of its own: whoever waits
 * for the head may have more statements waiting behind.
 */
export async function endSilentWriters(url: string): Promise<void> {
  const client = await connectClient(url, warden);
  try {
    await client.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = $1 AND datname = current_database() AND usename = current_user
         AND state = 'active' AND wait_event = 'ClientRead'
         AND xact_start < clock_timestamp() - make_interval(secs => $2)`,
      [writerName, silentSeconds]);
  } finally {
    await client.end();
  }
}
