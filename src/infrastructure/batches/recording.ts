import { createHash } from 'node:crypto';
import { BatchErrors } from '../../application/payment-batches/batch-errors.js';
import type { BatchLine } from '../../application/payment-batches/batch-lines.js';
import { isPaymentLine } from '../../application/payment-batches/batch-lines.js';
import type { RecordedCounts, RecordingProgress } from '../../application/payment-batches/record-lines.js';
import { recordLines } from '../../application/payment-batches/record-lines.js';
import type { AppendMeta, EventLog } from '../../application/event-log.js';
import { nameBasedUuid, namespaceOf } from '../../application/name-based-uuid.js';
import type { BatchFile } from './batch-reading.js';
import { readBatch } from './batch-reading.js';

/** Lines recorded by one append: enough to make its fixed costs small, few enough to hold two of them. */
export const usualLinesPerChunk = 5_000;
const chunkNamespace = namespaceOf('42779170-1bd4-402d-8643-3576e10543f7');

export interface AcceptedFile extends BatchFile {
  readonly batchId: string;
  readonly fileHash: string;
}
export interface RecordingWiring {
  readonly log: EventLog;
  readonly knownBankCodes: ReadonlySet<string>;
  readonly linesPerChunk: number;
  /** Of whoever delivered, at the time of recording. */
  meta(): Omit<AppendMeta, 'commandId' | 'fingerprint'>;
  progressed(progress: RecordingProgress): void;
}

/**
 * Records an accepted file chunk by chunk, from where an earlier attempt is known to have got to. The next
 * chunk is read and encoded while the last one is on its way to the disk.
 */
export async function record(
  file: AcceptedFile, from: RecordingProgress, wiring: RecordingWiring,
): Promise<RecordingProgress> {
  const errors = new BatchErrors();
  const chunks = new ChunkRecorder(file, from, wiring);
  let gathered: BatchLine[] = [];
  const sink = {
    line: (line: BatchLine): void => void gathered.push(line),
    wrongPayment: (): void => undefined,
  };
  const reading = { knownBankCodes: wiring.knownBankCodes, errors, sink };
  for await (const { lastLine } of readBatch(file, reading)) {
    if (errors.count > 0) throw new Error(`an accepted file has an error at or before line ${lastLine}`);
    while (gathered.length >= wiring.linesPerChunk) {
      await chunks.record(gathered.slice(0, wiring.linesPerChunk));
      gathered = gathered.slice(wiring.linesPerChunk);
    }
  }
  if (gathered.length > 0) await chunks.record(gathered);
  return chunks.end();
}

class ChunkUnderWay {
  private ids: ReadonlySet<string> | null = null;

  constructor(readonly lines: readonly BatchLine[], readonly counts: Promise<RecordedCounts>) {}

  /** Asked for only by chunks with later statuses. */
  paymentIds(): ReadonlySet<string> {
    return this.ids ??= new Set(this.lines.map(({ paymentId }) => paymentId));
  }
}

class ChunkRecorder {
  private number = 0;
  private progress: RecordingProgress;
  private underWay: ChunkUnderWay | null = null;

  constructor(
    private readonly file: AcceptedFile,
    private readonly from: RecordingProgress,
    private readonly wiring: RecordingWiring,
  ) {
    this.progress = from;
  }

  async record(lines: readonly BatchLine[]): Promise<void> {
    const number = this.number++;
    if (number < this.from.chunks) return;
    // A later status may be of a payment that is still on its way.
    if (lines.some((line) => !isPaymentLine(line) && this.underWay?.paymentIds().has(line.paymentId))) {
      await this.finish();
    }
    const counts = recordLines(this.wiring.log, lines, this.metaOf(number), this.progress.alreadyKnown === 0);
    // Heard when it is awaited; until then a failure must not end the process.
    counts.catch(() => undefined);
    await this.finish();
    this.underWay = new ChunkUnderWay(lines, counts);
  }

  async end(): Promise<RecordingProgress> {
    await this.finish();
    return this.progress;
  }

  private async finish(): Promise<void> {
    if (!this.underWay) return;
    const { lines, counts } = this.underWay;
    const { payments, statusChanges, alreadyKnown } = await counts;
    this.underWay = null;
    this.progress = {
      chunks: this.progress.chunks + 1,
      lines: this.progress.lines + lines.length,
      payments: this.progress.payments + payments,
      statusChanges: this.progress.statusChanges + statusChanges,
      alreadyKnown: this.progress.alreadyKnown + alreadyKnown,
    };
    this.wiring.progressed(this.progress);
  }

  /**
   * The same chunk of the same file has the same command id, whichever delivery or process brings it. Another
   * size cuts the file elsewhere: its chunks must not be taken for those of an earlier attempt.
   */
  private metaOf(number: number): AppendMeta {
    const { batchId, fileHash } = this.file;
    const name = JSON.stringify([batchId, fileHash, this.wiring.linesPerChunk, number]);
    return {
      ...this.wiring.meta(),
      commandId: nameBasedUuid(chunkNamespace, name),
      fingerprint: createHash('sha256').update(name).digest('hex'),
    };
  }
}
