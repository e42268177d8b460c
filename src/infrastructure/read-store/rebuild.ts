import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { EventLog, Position } from '../../application/event-log.js';
import { comparePositions } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import { holdCheckpoint, setCheckpoint } from './checkpoints.js';
import { inSession } from './projector-session.js';
import { RebuildProgress } from './rebuild-progress.js';
import { ReadTable, liveSchema } from './read-table.js';
import { ShadowTable } from './shadow-table.js';
import { inTransaction } from './transaction.js';

export interface RebuildOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly projection: Projection;
  readonly signal?: AbortSignal;
}
export interface Rebuilt { readonly projection: string; readonly position: Position }

/** How long readers may be kept waiting behind the swap before it steps back and tries again. */
const swapPatienceMs = 300;
const swapPauseMs = 200;
const lockNotAvailable = '55P03';
const deadlockDetected = '40P01';

/**
 * Builds the table anew beside the live one and swaps the two in one transaction. Readers see the old rows
 * until the swap and the new ones after it; the live projector goes on meanwhile, and afterwards with the new
 * table.
 */
export function rebuild(options: RebuildOptions): Promise<Rebuilt> {
  const { pool, projection, signal } = options;
  const session = { pool, projection: projection.name, purpose: 'rebuild', signal } as const;
  return inSession(session, (client) => build(client, options));
}

async function build(client: PoolClient, options: RebuildOptions): Promise<Rebuilt> {
  const { log, pool, projection, signal } = options;
  const shadow = new ShadowTable(client, projection, `rebuild_${projection.name}`);
  const progress = new RebuildProgress(pool, projection.name);
  try {
    await shadow.create();
    const until = await log.head();
    progress.begins('reading', shadow, until);
    await shadow.advance(log, until, signal);
    progress.begins('indexing', shadow, until);
    await shadow.addIndexes();
    progress.begins('swapping', shadow, until);
    for (;;) {
      await shadow.advance(log, await log.head(), signal);
      if (await swapped(client, shadow, log)) break;
      await delay(swapPauseMs, undefined, { signal });
    }
    return { projection: projection.name, position: shadow.position };
  } finally {
    await progress.end();
    // Swapped, nothing is left to drop; stopped by a fact or a signal, the half built table goes.
    await shadow.drop().catch(() => undefined);
  }
}

/** False when a reader held the table too long: nothing has changed then. */
async function swapped(client: PoolClient, shadow: ShadowTable, log: EventLog): Promise<boolean> {
  const before = shadow.position;
  try {
    await inTransaction(client, () => swap(client, shadow, log));
    return true;
  } catch (error) {
    shadow.returnTo(before);
    if (isBusy(error)) return false;
    throw error;
  }
}

async function swap(client: PoolClient, shadow: ShadowTable, log: EventLog): Promise<void> {
  const { projection } = shadow.table;
  const live = new ReadTable(projection, liveSchema);
  await client.query(`SET LOCAL lock_timeout = ${swapPatienceMs}`);
  // From here the live projector stands still, at the latest for the patience above and the few facts in
  // between.
  const held = await holdCheckpoint(client, projection.name);
  if (!held) throw new Error(`${projection.name} has no checkpoint: its table was never created`);
  if (comparePositions(shadow.position, held.position) < 0) await shadow.advance(log, held.position);
  await client.query(`DROP TABLE ${live.name}`);
  await client.query(`ALTER TABLE ${shadow.table.name} SET SCHEMA ${liveSchema}`);
  await setCheckpoint(client, projection.name, projection.version, shadow.position);
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error
  && (error.code === lockNotAvailable || error.code === deadlockDetected);
