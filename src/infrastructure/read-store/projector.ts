import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import type { EventLog, Position } from '../../application/event-log.js';
import { beforeFirst } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import type { Tracing } from '../tracing/tracing.js';
import { noTracing } from '../tracing/tracing.js';
import type { Batch } from './apply-batch.js';
import { applyBatch } from './apply-batch.js';
import { batchesOf } from './batches.js';
import type { Stop } from './checkpoints.js';
import { readCheckpoint, recordStop } from './checkpoints.js';
import { inSession } from './projector-session.js';
import { ReadTable, liveSchema } from './read-table.js';
import { rebuild } from './rebuild.js';
import { stopOf } from './stop-of.js';

/** What operations hear of a projector; never a value out of a fact. */
export type ProjectorReport = { readonly projection: string } & (
  | { readonly kind: 'started'; readonly position: Position }
  | { readonly kind: 'rebuilding' }
  | { readonly kind: 'rebuilt'; readonly position: Position }
  /** Passing: the projector tries again. */
  | { readonly kind: 'trouble'; readonly error: unknown }
  /** Not passing: it stands before this fact until another version of the code is started. */
  | { readonly kind: 'stopped'; readonly stop: Stop }
  /** Another version of the code has rebuilt the table: this one must not write it any more. */
  | { readonly kind: 'superseded'; readonly version: number });

export interface ProjectorOptions {
  readonly log: EventLog;
  readonly pool: Pool;
  readonly projection: Projection;
  readonly signal: AbortSignal;
  readonly report: (report: ProjectorReport) => void;
  readonly tracing?: Tracing;
}

/** Between two small batches, so that a busy log costs a hundred transactions a second and not thousands. */
const restMs = 10;
const firstRetryMs = 200;
/** After a cut the tables follow again within three seconds of its healing. */
const longestRetryMs = 1_000;

/**
 * Keeps one table up with the log until the signal, or until a fact it cannot pass. One works, the others
 * wait.
 */
export async function runProjector(options: ProjectorOptions): Promise<void> {
  const { pool, projection, signal, report } = options;
  let found: number | undefined;
  for (let retryMs = firstRetryMs; !signal.aborted; retryMs = Math.min(retryMs * 2, longestRetryMs)) {
    try {
      found ??= (await readCheckpoint(pool, projection.name))?.version;
      const versionFound = found ?? projection.version;
      await inSession({ pool, projection: projection.name, purpose: 'project', signal }, (client) =>
        project(client, { ...options, versionFound }, () => { retryMs = firstRetryMs; })
          .catch((error: unknown) => standStill(client, options, error)));
      return;
    } catch (error) {
      if (signal.aborted) return;
      report({ projection: projection.name, kind: 'trouble', error });
      await delay(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

/**
 * Writes the stop down while it still holds the lock: a process that knows the fact takes over right after,
 * and clears it by going on.
 */
async function standStill(
  client: PoolClient, { projection, report }: ProjectorOptions, error: unknown,
): Promise<void> {
  const stop = stopOf(error);
  if (!stop) throw error;
  await recordStop(client, projection.name, stop);
  report({ projection: projection.name, kind: 'stopped', stop });
}

interface Turn extends ProjectorOptions {
  /** Of the table when this process came to it. */
  readonly versionFound: number;
}

/** Ends when another version took over; otherwise only by the signal or an error. */
async function project(client: PoolClient, options: Turn, progressed: () => void): Promise<void> {
  const { projection, report } = options;
  await rebuildWhereDue(client, options);
  for (;;) {
    const checkpoint = await readCheckpoint(client, projection.name);
    if (checkpoint?.version !== projection.version) {
      return report({ projection: projection.name, kind: 'superseded', version: checkpoint?.version ?? 0 });
    }
    report({ projection: projection.name, kind: 'started', position: checkpoint.position });
    progressed();
    // Comes back when a rebuild has swapped the table: on from where the new one stands.
    await follow(client, options, checkpoint.position);
  }
}

/**
 * A table that was never filled is filled as a rebuild is: many times faster than fact by fact. One that
 * became newer than this code while this process waited is left alone: in a rolling deployment the old
 * processes would undo what the new ones built. One that was newer from the beginning is a deployment taken
 * back.
 */
async function rebuildWhereDue(client: PoolClient, options: Turn): Promise<void> {
  const { projection, report, versionFound } = options;
  const checkpoint = await readCheckpoint(client, projection.name);
  if (checkpoint?.version === projection.version && checkpoint.position !== beforeFirst) return;
  if (checkpoint && checkpoint.version > projection.version && versionFound <= projection.version) return;
  report({ projection: projection.name, kind: 'rebuilding' });
  report({ kind: 'rebuilt', ...(await rebuild(options)) });
}

async function follow(client: PoolClient, options: ProjectorOptions, after: Position): Promise<void> {
  const { log, projection, signal, tracing = noTracing } = options;
  const table = new ReadTable(projection, liveSchema);
  const items = log.subscribe(after, { types: projection.sees, signal });
  for await (const batch of batchesOf(items, after)) {
    const apply = (): Promise<boolean> => applyBatch(client, table, batch);
    const isOurs = batch.facts.length === 0 ? await apply()
      : await tracing.during('projection batch', apply, () => factsOf(projection.name, batch));
    if (!isOurs) return;
    if (batch.caughtUp) await delay(restMs, undefined, { signal });
  }
  signal.throwIfAborted();
  throw new Error('the subscription ended by itself');
}

const factsOf = (projection: string, { facts, to }: Batch) =>
  ({ 'treasury.projection': projection, 'treasury.facts': facts.length, 'treasury.position': to });
