import type { Pool } from 'pg';
import type { EventLog } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import { untilItPasses } from '../passing-trouble.js';
import type { Tracing } from '../tracing/tracing.js';
import type { ProjectorReport } from './projector.js';
import { runProjector } from './projector.js';
import { createReadTables } from './read-tables.js';

export interface ProjectorsOptions {
  readonly log: EventLog;
  /** Every projector keeps one connection of it, and a rebuild takes one or two more. */
  readonly pool: Pool;
  readonly projections: readonly Projection[];
  /** Stops all of them; nothing half done is left behind. */
  readonly signal: AbortSignal;
  readonly report?: (report: ProjectorReport) => void;
  readonly tracing?: Tracing;
}

export interface RunningProjectors {
  /** Resolves when all have ended: after the signal, or each before a fact that it cannot pass. */
  readonly ended: Promise<void>;
}

/** Resolves once every table exists; the projectors go on by themselves from there, each at its own pace. */
export async function startProjectors(options: ProjectorsOptions): Promise<RunningProjectors> {
  const { log, pool, projections, signal, report = () => undefined, tracing } = options;
  await untilItPasses(() => createReadTables(pool, projections), signal);
  // A signal each: on one for all, the pauses of ten projectors would look like a leak of listeners.
  const runs = projections.map((projection) =>
    runProjector({ log, pool, projection, signal: AbortSignal.any([signal]), report, tracing }));
  return { ended: Promise.all(runs).then(() => undefined) };
}
