import type { Pool } from 'pg';
import type { Position } from '../../application/event-log.js';
import type { Projection } from '../../projections/projection.js';
import type { EventStore } from '../event-store/event-store.js';
import type { LagReading } from '../metrics/collected-metrics.js';
import type { Stop } from '../read-store/checkpoints.js';
import { lockSpaces } from '../read-store/projector-session.js';
import type {
  Operations, OperationsReport, PendingDeliveries, ProjectionReport, ProjectionStatus, RebuildUnderWay,
  StoppedAt,
} from './operations.js';
import { lagOf } from './projection-lags.js';

export interface OperationsWiring {
  readonly pool: Pool;
  readonly store: EventStore;
  readonly positionsCountFacts: boolean;
  readonly projections: readonly Projection[];
}

interface TableRow {
  readonly projection: string;
  readonly version: number;
  readonly position: Position;
  readonly stopped: string | null;
  readonly is_held: boolean;
  readonly step: RebuildUnderWay['step'] | null;
  readonly rebuilt_to: Position;
  readonly rebuilt_until: Position;
  readonly rebuild_started_at: Date;
}

/** Session locks are what projectors and rebuilds hold for as long as they live, in whichever process. */
const tablesSql = `
  WITH held AS (
    SELECT classid::bigint AS space, objid::bigint AS key FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
  )
  SELECT c.projection, c.version, c.position, c.stopped,
    EXISTS (SELECT FROM held WHERE space = ${lockSpaces.project} AND key = k.key) AS is_held,
    r.step, r.position AS rebuilt_to, r.until AS rebuilt_until, r.started_at AS rebuild_started_at
  FROM read.checkpoints AS c
  CROSS JOIN LATERAL (SELECT hashtext(c.projection)::bigint & 4294967295 AS key) AS k
  LEFT JOIN read.rebuilds AS r ON r.projection = c.projection
    AND EXISTS (SELECT FROM held WHERE space = ${lockSpaces.rebuild} AND key = k.key)
  WHERE c.projection = ANY ($1)
  ORDER BY c.projection`;

const firstSql = `
  SELECT delivery_id, batch_id, phase, received_at, lines_checked, lines_recorded
  FROM work.batch_deliveries WHERE phase <> 'finished' ORDER BY receipt LIMIT 1`;

interface DeliveryRow {
  readonly delivery_id: string;
  readonly batch_id: string | null;
  readonly phase: string;
  readonly received_at: Date;
  readonly lines_checked: string;
  readonly lines_recorded: string;
}

/** Made of what the processes leave in the database, so any of them can tell about all. */
export class OperationsView implements Operations {
  constructor(private readonly wiring: OperationsWiring) {}

  async report(): Promise<OperationsReport> {
    // The head first: a table may pass it meanwhile, and must not seem ahead of the log.
    const head = await this.wiring.store.head();
    const rows = await this.tables();
    const projections = await Promise.all(rows.map((row) => this.reportOf(row, head)));
    return { head, projections, deliveries: await this.deliveries() };
  }

  async lags(): Promise<readonly LagReading[]> {
    const head = await this.wiring.store.head();
    const rows = await this.tables();
    return Promise.all(rows.map(async ({ projection, position }) =>
      ({ projection, lag: await lagOf(this.wiring, position, head) })));
  }

  async pendingDeliveries(): Promise<number> {
    const { rows } = await this.wiring.pool.query<{ pending: string }>(
      `SELECT count(*) AS pending FROM work.batch_deliveries WHERE phase <> 'finished'`);
    return Number(rows[0]?.pending ?? 0);
  }

  /** Tables that this code cannot ask yet, because they are still those of an earlier version. */
  async outdatedTables(): Promise<readonly string[]> {
    const rows = await this.tables();
    return this.wiring.projections.filter(({ name, version }) =>
      rows.some((row) => row.projection === name && row.version < version)).map(({ name }) => name);
  }

  private async tables(): Promise<readonly TableRow[]> {
    const names = this.wiring.projections.map(({ name }) => name);
    return (await this.wiring.pool.query<TableRow>(tablesSql, [names])).rows;
  }

  private async reportOf(row: TableRow, head: Position): Promise<ProjectionReport> {
    const { projection, version, position } = row;
    const expected = this.wiring.projections.find(({ name }) => name === projection);
    return {
      projection, version, expectedVersion: expected?.version ?? version, position,
      lag: await lagOf(this.wiring, position, head),
      state: stateOf(row),
      rebuild: rebuildOf(row),
      stopped: row.stopped === null ? null : await this.stoppedAt(JSON.parse(row.stopped) as Stop),
    };
  }

  private async stoppedAt({ position, stream, type, why }: Stop): Promise<StoppedAt> {
    for await (const event of this.wiring.store.readStream(stream)) {
      if (event.position === position) return { position, stream, type, version: event.version, why };
    }
    return { position, stream, type, version: null, why };
  }

  private async deliveries(): Promise<PendingDeliveries> {
    const { rows: [first] } = await this.wiring.pool.query<DeliveryRow>(firstSql);
    if (first === undefined) return { pending: 0, first: null };
    return {
      pending: await this.pendingDeliveries(),
      first: {
        deliveryId: first.delivery_id, batchId: first.batch_id, phase: first.phase,
        receivedAt: first.received_at.toISOString(),
        linesChecked: Number(first.lines_checked), linesRecorded: Number(first.lines_recorded),
      },
    };
  }
}

function stateOf({ stopped, step, is_held: isHeld }: TableRow): ProjectionStatus {
  if (step !== null) return 'rebuilding';
  if (stopped !== null) return 'stopped';
  return isHeld ? 'working' : 'waiting';
}

const rebuildOf = (row: TableRow): RebuildUnderWay | null => row.step === null ? null : {
  step: row.step, position: row.rebuilt_to, until: row.rebuilt_until,
  startedAt: row.rebuild_started_at.toISOString(),
};
