import { setFlagsFromString } from 'node:v8';
import type pg from 'pg';
import type { EventLog } from '../../application/event-log.js';
import type { BatchOutcome } from '../metrics/metrics.js';
import type { DeliveryOutcome } from '../../application/payment-batches/batch-intake.js';
import { connectClient } from '../postgres/pool.js';
import { BatchFileStore, batchReceived } from './batch-file-store.js';
import type { PendingDelivery } from './deliveries.js';
import { Deliveries } from './deliveries.js';
import { DeliveryWork } from './delivery-work.js';
import { usualLinesPerChunk } from './recording.js';

/** Any constant does, as long as every worker uses the same one. */
const workerLock = 7_305_004;
/** A worker that waits for another's lock, or for work, looks again this often even when nobody wakes it. */
const lookAgainMs = { lock: 1_000, work: 5_000 };
/** One statement, the COPY of all lines, lasts as long as the reading of the file. */
const longestStatementMs = 24 * 3_600_000;
/** After a cut the work goes on within three seconds of its healing. */
const retryPauseMs = { first: 100, longest: 1_000 };

/**
 * V8 puts among the old at once what it has seen grow old a few times. A million lines die young, and of some
 * it believes otherwise; dead among the old, they keep alive what they point to. Without that belief a batch
 * takes a tenth less of CPU and 50 MB less of memory.
 */
const youngStaysYoung = '--no-allocation-site-pretenuring';

export interface BatchWorkerLog {
  info(what: object, message: string): void;
  error(what: object, message: string): void;
}
/** Whoever counts what becomes of delivered files. */
export interface BatchWorkerObserver {
  finished(outcome: BatchOutcome, seconds: number): void;
  interrupted(): void;
}
export interface BatchWorkerWiring {
  readonly databaseUrl: string;
  readonly pool: pg.Pool;
  readonly log: EventLog;
  /** ISO UTC. */
  readonly now: () => string;
  readonly logger: BatchWorkerLog;
  readonly linesPerChunk?: number;
  readonly observer?: BatchWorkerObserver;
}

/**
 * Judges and records delivered files, one at a time and in the order of receipt, whatever number of processes
 * there is: that is what makes "known before" mean the same for every file. The lock is the session's, so a
 * worker that dies lets go of it, and the next one takes up what it left.
 */
export class BatchWorker {
  private woken = false;
  private endPause: () => void = () => undefined;
  private workedOn: PendingDelivery | null = null;
  private readonly files: BatchFileStore;
  private readonly deliveries: Deliveries;

  constructor(private readonly wiring: BatchWorkerWiring) {
    this.files = new BatchFileStore(wiring.pool);
    this.deliveries = new Deliveries(wiring.pool);
  }

  /** Works until the signal aborts; resolves then, at the next safe place. */
  async run(signal: AbortSignal): Promise<void> {
    setFlagsFromString(youngStaysYoung);
    const stop = (): void => this.wake();
    signal.addEventListener('abort', stop);
    for (let failures = 0; !signal.aborted; failures++) {
      try {
        await this.session(signal, () => {
          failures = 0;
        });
      } catch (error) {
        if (signal.aborted) break;
        this.wiring.observer?.interrupted();
        const { deliveryId, correlationId } = this.workedOn ?? {};
        this.wiring.logger.error(
          { deliveryId, correlationId, err: error }, 'payment batches: interrupted, to be taken up again');
        await this.sleep(Math.min(retryPauseMs.first * 2 ** failures, retryPauseMs.longest), signal);
      }
    }
    signal.removeEventListener('abort', stop);
  }

  /**
   * There is work: said by whoever received a file in this process, and by the database for other processes.
   */
  wake(): void {
    this.woken = true;
    this.endPause();
  }

  private async session(signal: AbortSignal, finished: () => void): Promise<void> {
    const client = await connectClient(this.wiring.databaseUrl, {
      applicationName: 'treasury batch worker', statementTimeoutMs: longestStatementMs,
    });
    client.on('notification', () => this.wake());
    try {
      await client.query('SET idle_in_transaction_session_timeout = 0');
      await client.query(`LISTEN ${batchReceived}`);
      while (!signal.aborted && !await isLocked(client)) await this.sleep(lookAgainMs.lock, signal);
      while (!signal.aborted) {
        this.woken = false;
        if (await this.workOnNext(client, signal)) finished();
        else if (!this.woken) await this.sleep(lookAgainMs.work, signal);
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  private async workOnNext(client: pg.ClientBase, signal: AbortSignal): Promise<boolean> {
    const delivery = await this.deliveries.next(client);
    this.workedOn = delivery;
    if (!delivery) return false;
    const beganAt = performance.now();
    const { files, deliveries, wiring: { log, now, linesPerChunk = usualLinesPerChunk } } = this;
    const wiring = { log, files, deliveries, linesPerChunk, now };
    const work = new DeliveryWork(wiring, client, delivery, signal);
    const outcome = await work.finish();
    this.tell(delivery, outcome, (performance.now() - beganAt) / 1_000);
    return true;
  }

  /** Under the correlation id of the request that delivered the file, whichever process took it. */
  private tell(delivery: PendingDelivery, outcome: DeliveryOutcome, seconds: number): void {
    const { deliveryId, correlationId } = delivery;
    const { logger, observer } = this.wiring;
    const { kind, batchId } = outcome;
    logger.info({ deliveryId, batchId, outcome: kind, correlationId }, 'payment batch');
    const isOld = outcome.kind === 'completed' && outcome.alreadyRecorded;
    observer?.finished(isOld ? 'already-recorded' : kind, seconds);
  }

  private sleep(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

async function isLocked(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ locked: boolean }>(
    'SELECT pg_try_advisory_lock($1) AS locked', [workerLock]);
  return rows[0].locked;
}
