import type { Logger } from 'pino';
import type { Parts } from '../app.module.js';
import type { Metrics, ProjectorState } from '../infrastructure/metrics/metrics.js';
import type { ChecksReadiness } from '../infrastructure/management/readiness.js';
import { createPool } from '../infrastructure/postgres/pool.js';
import type { ProjectorReport } from '../infrastructure/read-store/projector.js';
import { startProjectors } from '../infrastructure/read-store/start-projectors.js';
import { projections } from '../projections/projections.js';
import type { Running } from './running.js';

/** Each projector holds a connection, and at its first start rebuilds its table over two more. */
const connectionsPerProjector = 3;

/** Keeps the tables up to date, or waits to do so behind another process. */
export async function project(
  databaseUrl: string, parts: Parts, running: Running, readiness: ChecksReadiness,
): Promise<void> {
  const maxConnections = connectionsPerProjector * projections.length;
  const pool = createPool(databaseUrl, { applicationName: 'treasury projectors', maxConnections });
  parts.pools.set('projectors', pool);
  running.onStop(() => pool.end());
  const board = new ProjectorBoard(parts.metrics, parts.logger);
  readiness.add('projectors', () => board.standingStill());
  const { signal } = running.stopping;
  const { ended } = await startProjectors({
    log: parts.log, pool, projections, signal, report: (report) => board.note(report),
    tracing: parts.tracing,
  });
  running.onStop(() => ended);
}

const stateAfter: Record<ProjectorReport['kind'], ProjectorState> = {
  started: 'working', rebuilding: 'rebuilding', rebuilt: 'working', trouble: 'waiting', stopped: 'stopped',
  superseded: 'superseded',
};

/** What each projector of this process is at: waiting for its turn until it reports something else. */
class ProjectorBoard {
  private readonly states = new Map<string, ProjectorState>();

  constructor(private readonly metrics: Metrics, private readonly logger: Logger) {
    for (const { name } of projections) this.enter(name, 'waiting');
  }

  note({ kind, ...report }: ProjectorReport): void {
    this.enter(report.projection, stateAfter[kind]);
    if (kind === 'trouble') this.metrics.projectorTroubles.inc({ projection: report.projection });
    if (kind === 'trouble' || kind === 'stopped') this.logger.error(report, `projector: ${kind}`);
    else this.logger.info(report, `projector: ${kind}`);
  }

  /** Those that only another version of the code, or a restart, brings on again. */
  standingStill(): string | null {
    const still = [...this.states].filter(([, state]) => state === 'stopped' || state === 'superseded');
    return still.length === 0 ? null : still.map(([name, state]) => `${name} ${state}`).join(', ');
  }

  private enter(projection: string, state: ProjectorState): void {
    this.states.set(projection, state);
    this.metrics.setProjectorState(projection, state);
  }
}
