import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { comparePositions } from '../../application/event-log.js';
import type { ReadStore } from '../../projections/projection.js';
import type { Viewer } from '../../projections/viewer.js';
import type { Checkpoint } from './checkpoints.js';
import { readCheckpoints } from './checkpoints.js';
import { queryAs } from './viewed-query.js';

/** How often somebody who waits for a position looks again; all who wait share one look. */
const lookMs = 10;

/**
 * Pages must be read in the index's order and stop when they are full. Where PostgreSQL expects few rows of
 * an account it prefers to collect all of them by a bitmap and sort: a hundred thousand of them for the one
 * payee who has that many. Compiling a query (jit) takes longer than any of ours runs.
 */
const planSettings = 'SET enable_bitmapscan = off; SET jit = off';

export class PostgresReadStore implements ReadStore {
  private looking: Promise<readonly Checkpoint[]> | null = null;
  private readonly planning = new WeakSet<PoolClient>();

  constructor(private readonly pool: Pool) {}

  async query<R extends object>(
    viewer: Viewer, sql: string, parameters: readonly unknown[] = [],
  ): Promise<R[]> {
    const client = await this.pool.connect();
    try {
      if (!this.planning.has(client)) {
        await client.query(planSettings);
        this.planning.add(client);
      }
      return await queryAs<R>(client, viewer, sql, parameters);
    } finally {
      client.release();
    }
  }

  /** Polled, not notified: a NOTIFY per batch would serialize the projectors' commits with the log's own. */
  async waitFor(projection: string, position: string, timeoutMs: number): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const checkpoint = (await this.checkpoints()).find((one) => one.projection === projection);
      if (checkpoint && comparePositions(checkpoint.position, position) >= 0) return true;
      if (performance.now() >= deadline) return false;
      await delay(lookMs);
    }
  }

  /** How far every projection has come, for health and lag. */
  checkpoints(): Promise<readonly Checkpoint[]> {
    this.looking ??= readCheckpoints(this.pool).finally(() => { this.looking = null; });
    return this.looking;
  }
}
