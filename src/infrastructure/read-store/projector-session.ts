import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';

/** First half of the advisory locks' keys; the second is the projection's name. */
export const lockSpaces = { project: 7_305_010, rebuild: 7_305_011, prove: 7_305_012 } as const;
export type SessionPurpose = keyof typeof lockSpaces;

/** How soon a waiting projector notices that the working one is gone. */
const takeOverMs = 250;

export interface SessionOptions {
  readonly pool: Pool;
  readonly projection: string;
  readonly purpose: SessionPurpose;
  readonly signal?: AbortSignal;
}

/**
 * Runs `work` on a connection of its own while holding the projection's lock for the purpose; whoever comes
 * second waits. The connection is closed afterwards, which frees the lock whatever state it is in.
 */
export async function inSession<T>(
  options: SessionOptions, work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await options.pool.connect();
  try {
    await waitForLock(client, options);
    // What is lost in a crash is read from the log again: rows and checkpoint are lost together.
    await client.query('SET synchronous_commit = off');
    return await work(client);
  } finally {
    client.release(true);
  }
}

async function waitForLock(client: PoolClient, options: SessionOptions): Promise<void> {
  const { projection, purpose, signal } = options;
  for (;;) {
    signal?.throwIfAborted();
    const { rows } = await client.query<{ granted: boolean }>(
      'SELECT pg_try_advisory_lock($1, hashtext($2)) AS granted', [lockSpaces[purpose], projection]);
    if (rows[0]?.granted) return;
    await delay(takeOverMs, undefined, { signal });
  }
}
