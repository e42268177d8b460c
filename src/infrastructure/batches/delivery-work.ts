import { createHash } from 'node:crypto';
import type pg from 'pg';
import { knownBankCodes } from '../../application/bank-codes/known-bank-codes.js';
import type { EventLog } from '../../application/event-log.js';
import type { DeliveryOutcome } from '../../application/payment-batches/batch-intake.js';
import { BatchErrors } from '../../application/payment-batches/batch-errors.js';
import {
  completedOutcome, historyOf, pronounce, refusedOutcome,
} from '../../application/payment-batches/batch-verdicts.js';
import type { RecordingProgress } from '../../application/payment-batches/record-lines.js';
import { nothingRecorded } from '../../application/payment-batches/record-lines.js';
import type { BatchFileStore } from './batch-file-store.js';
import type { BatchFile } from './batch-reading.js';
import { readBatch } from './batch-reading.js';
import type { Deliveries, PendingDelivery } from './deliveries.js';
import { LatestOnly } from './latest-only.js';
import { record } from './recording.js';
import type { Validation } from './validation.js';
import { validate } from './validation.js';

/** How much of a file is worked on before the worker sees that it is to stop. */
const bytesPerStep = 64 * 1024;

export interface DeliveryWorkWiring {
  readonly log: EventLog;
  readonly files: BatchFileStore;
  readonly deliveries: Deliveries;
  readonly linesPerChunk: number;
  /** ISO UTC. */
  readonly now: () => string;
}

/**
 * Takes one delivery from wherever it stands to its end. Every step looks first at what the log already says,
 * so the whole may be begun again after a crash at any point, and comes out as if nothing had happened.
 */
export class DeliveryWork {
  constructor(
    private readonly wiring: DeliveryWorkWiring,
    private readonly client: pg.ClientBase,
    private readonly delivery: PendingDelivery,
    private readonly signal: AbortSignal,
  ) {}

  async finish(): Promise<DeliveryOutcome> {
    const batchId = await this.readBatchId();
    const outcome = await this.decided(batchId) ?? await this.judged(batchId);
    await this.wiring.deliveries.finish(this.delivery.deliveryId, outcome);
    return outcome;
  }

  /**
   * The outcome of a delivery whose batch id is known to the log; null where the file is still to be judged.
   */
  private async decided(batchId: string | null): Promise<DeliveryOutcome | null> {
    if (batchId === null) return null;
    const history = await historyOf(this.wiring.log, batchId);
    if (!history.accepted) return null;
    if (history.accepted.fileHash !== this.delivery.fileHash) return idReused(batchId);
    // In phase `recording` it was this delivery that completed the batch, and only its last step is missing.
    if (history.completed) return completedOutcome(history, this.delivery.phase !== 'recording');
    return this.recorded(batchId);
  }

  private async judged(batchId: string | null): Promise<DeliveryOutcome> {
    const { deliveryId, fileHash, deliveredBy: by } = this.delivery;
    await this.wiring.deliveries.enter(deliveryId, 'validating', batchId);
    const validation = await this.validated();
    const { header, totals, statusChanges, errors } = validation;
    if (errors.count > 0 || !header) return this.refused(validation);
    const at = this.wiring.now();
    const accepted = await pronounce(this.wiring.log, this.delivery, {
      type: 'AcceptBatch', ...header, fileHash, totals, statusChanges, by, at,
    }, at);
    if ('refused' in accepted) return idReused(header.batchId);
    return this.recorded(header.batchId);
  }

  private async validated(): Promise<Validation> {
    const { deliveries, log } = this.wiring;
    const { deliveryId } = this.delivery;
    const lines = new LatestOnly((checked: number) => deliveries.checked(deliveryId, checked));
    const { charset } = this.delivery;
    const validation = await validate({ open: () => this.asReceived(), charset }, {
      log, client: this.client, knownBankCodes: await knownBankCodes(log),
      progressed: (checked) => lines.offer(checked),
    });
    await lines.settled();
    return validation;
  }

  private async refused({ header, errors }: Validation): Promise<DeliveryOutcome> {
    const first = errors.first();
    if (!header) return refusedOutcome(null, first, errors.count);
    const { fileHash, deliveredBy: by } = this.delivery;
    const { batchId } = header;
    const at = this.wiring.now();
    const refused = await pronounce(this.wiring.log, this.delivery, {
      type: 'RefuseBatch', batchId, fileHash, errors: first, errorCount: errors.count, by, at,
    }, at);
    if ('refused' in refused) return idReused(batchId);
    return refusedOutcome(batchId, first, errors.count, refused.position);
  }

  private async recorded(batchId: string): Promise<DeliveryOutcome> {
    const { deliveries, log, linesPerChunk } = this.wiring;
    const { deliveryId, fileHash, deliveredBy: by, correlationId, progress } = this.delivery;
    await deliveries.enter(deliveryId, 'recording', batchId);
    const from = progress ?? nothingRecorded(linesPerChunk);
    // Before the first chunk: whoever takes the file up after a crash must cut it as this one does.
    if (!progress) await deliveries.recorded(deliveryId, from);
    const written = new LatestOnly((latest: RecordingProgress) => deliveries.recorded(deliveryId, latest));
    const { payments, statusChanges, alreadyKnown } = await record(
      { ...this.file(), batchId, fileHash }, from, {
        log, knownBankCodes: await knownBankCodes(log),
        meta: () => ({ by, at: this.wiring.now(), correlationId }),
        progressed: (latest) => written.offer(latest),
      });
    await written.settled();
    const at = this.wiring.now();
    await pronounce(log, this.delivery, {
      type: 'CompleteBatch', batchId, recorded: { payments, statusChanges, alreadyKnown }, at,
    }, at);
    return completedOutcome(await historyOf(log, batchId), false);
  }

  private file(): BatchFile {
    return { open: () => this.untilAborted(), charset: this.delivery.charset };
  }

  /** What is judged is what was delivered, to the byte: checked as it is read. */
  private async *asReceived(): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256');
    for await (const piece of this.untilAborted()) {
      hash.update(piece);
      yield piece;
    }
    if (hash.digest('hex') === this.delivery.fileHash) return;
    throw new Error('the file kept is not the file received');
  }

  private async *untilAborted(): AsyncGenerator<Uint8Array> {
    for await (const piece of this.wiring.files.read(this.delivery.deliveryId)) {
      for (let from = 0; from < piece.length; from += bytesPerStep) {
        this.signal.throwIfAborted();
        yield piece.subarray(from, from + bytesPerStep);
      }
    }
  }

  private async readBatchId(): Promise<string | null> {
    const reading = {
      knownBankCodes: new Set<string>(), errors: new BatchErrors(),
      sink: { line: () => undefined, wrongPayment: () => undefined },
    };
    for await (const { header } of readBatch(this.file(), reading)) return header?.batchId ?? null;
    return null;
  }
}

const idReused = (batchId: string): DeliveryOutcome =>
  refusedOutcome(batchId, [{ line: 1, code: 'batch/id-reused', field: 'batchId' }], 1);
