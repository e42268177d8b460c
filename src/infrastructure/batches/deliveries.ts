import type pg from 'pg';
import type {
  BatchCharset, Delivery, DeliveryOutcome, DeliveryPhase,
} from '../../application/payment-batches/batch-intake.js';
import type { RecordingProgress } from '../../application/payment-batches/record-lines.js';

/** A delivery as its worker needs it. */
export interface PendingDelivery extends Delivery {
  /** What was recorded of it before a crash; null before the first chunk. */
  readonly progress: RecordingProgress | null;
}

interface DeliveryRow {
  readonly delivery_id: string;
  readonly batch_id: string | null;
  readonly file_hash: string;
  readonly bytes: string;
  readonly charset: BatchCharset;
  readonly delivered_by: string;
  readonly correlation_id: string | null;
  readonly received_at: Date;
  readonly phase: DeliveryPhase;
  readonly lines_checked: string;
  readonly lines_recorded: string;
  readonly progress: string | null;
  readonly outcome: string | null;
}

/** The rows that say how far the work on each delivered file has come. */
export class Deliveries {
  constructor(private readonly pool: pg.Pool) {}

  async find(deliveryId: string): Promise<Delivery | null> {
    return this.one('SELECT * FROM work.batch_deliveries WHERE delivery_id = $1', [deliveryId]);
  }

  async latestOf(batchId: string): Promise<Delivery | null> {
    return this.one(
      'SELECT * FROM work.batch_deliveries WHERE batch_id = $1 ORDER BY receipt DESC LIMIT 1', [batchId]);
  }

  /**
   * The first unfinished one, in the order of receipt; asked on the connection that holds the worker's lock.
   */
  async next(client: pg.ClientBase): Promise<PendingDelivery | null> {
    const { rows } = await client.query<DeliveryRow>(
      `SELECT * FROM work.batch_deliveries WHERE phase <> 'finished' ORDER BY receipt LIMIT 1`);
    return rows.length === 0 ? null : deliveryOf(rows[0]);
  }

  async enter(deliveryId: string, phase: 'validating' | 'recording', batchId: string | null): Promise<void> {
    await this.pool.query(
      'UPDATE work.batch_deliveries SET phase = $2, batch_id = $3 WHERE delivery_id = $1',
      [deliveryId, phase, batchId]);
  }

  async checked(deliveryId: string, lines: number): Promise<void> {
    await this.pool.query(
      'UPDATE work.batch_deliveries SET lines_checked = $2 WHERE delivery_id = $1', [deliveryId, lines]);
  }

  async recorded(deliveryId: string, progress: RecordingProgress): Promise<void> {
    await this.pool.query(
      'UPDATE work.batch_deliveries SET lines_recorded = $2, progress = $3 WHERE delivery_id = $1',
      [deliveryId, progress.lines, JSON.stringify(progress)]);
  }

  /** The file goes with its last use: what it said is in the log, or was refused. */
  async finish(deliveryId: string, outcome: DeliveryOutcome): Promise<void> {
    await this.pool.query(
      `WITH pieces AS (DELETE FROM work.batch_file_chunks WHERE delivery_id = $1)
       UPDATE work.batch_deliveries SET phase = 'finished', batch_id = $2, outcome = $3
       WHERE delivery_id = $1`,
      [deliveryId, outcome.batchId, JSON.stringify(outcome)]);
  }

  private async one(sql: string, values: readonly unknown[]): Promise<PendingDelivery | null> {
    const { rows } = await this.pool.query<DeliveryRow>(sql, [...values]);
    return rows.length === 0 ? null : deliveryOf(rows[0]);
  }
}

function deliveryOf(row: DeliveryRow): PendingDelivery {
  return {
    deliveryId: row.delivery_id,
    batchId: row.batch_id,
    fileHash: row.file_hash,
    bytes: Number(row.bytes),
    charset: row.charset,
    deliveredBy: row.delivered_by,
    correlationId: row.correlation_id ?? undefined,
    receivedAt: row.received_at.toISOString(),
    phase: row.phase,
    linesChecked: Number(row.lines_checked),
    linesRecorded: Number(row.lines_recorded),
    progress: row.progress === null ? null : JSON.parse(row.progress) as RecordingProgress,
    outcome: row.outcome === null ? null : JSON.parse(row.outcome) as DeliveryOutcome,
  };
}
