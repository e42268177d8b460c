import { createHash } from 'node:crypto';
import { BatchErrors } from '../../application/payment-batches/batch-errors.js';
import type { BatchLine } from '../../application/payment-batches/batch-lines.js';
import type { RecordingProgress } from '../../application/payment-batches/record-lines.js';
import {
  changedPayments, notAllNew, recordLines, recordNewLines,
} from '../../application/payment-batches/record-lines.js';
import type { AppendMeta, EventLog } from '../../application/event-log.js';
import { nameBasedUuid, namespaceOf } from '../../application/name-based-uuid.js';
import type { BatchFile } from './batch-reading.js';
import { readBatch } from './batch-reading.js';
import type { BatchLineSink } from './batch-records.js';

/**
 * Lines recorded by one append: enough to make its fixed costs small, few enough that what two of them hold
 * in memory dies young. At 5,000 a third of the time went into moving objects that were about to die.
 */
export const usualLinesPerChunk = 1_000;
const chunkNamespace = namespaceOf('42779170-1bd4-402d-8643-3576e10543f7');

export interface AcceptedFile extends BatchFile {
  readonly batchId: string;
  readonly fileHash: string;
}
export interface RecordingWiring {
  readonly log: EventLog;
  readonly knownBankCodes: ReadonlySet<string>;
  /** Of whoever delivered, at the time of recording. */
  meta(): Omit<AppendMeta, 'commandId' | 'fingerprint'>;
  progressed(progress: RecordingProgress): void;
}

/**
 * Records an accepted file chunk by chunk, from where an earlier attempt is known to have got to. Where it
 * turns out that payments were known before, it goes on from there with the history of each.
 */
export async function record(
  file: AcceptedFile, from: RecordingProgress, wiring: RecordingWiring,
): Promise<RecordingProgress> {
  const optimistic = await recordFrom(file, new ChunkRecorder(file, from, wiring, recordNewLines), wiring);
  if (optimistic.finished) return optimistic.progress;
  const careful = new ChunkRecorder(file, optimistic.progress, wiring, recordLines);
  return (await recordFrom(file, careful, wiring)).progress;
}

interface Recorded { readonly finished: boolean; readonly progress: RecordingProgress }

async function recordFrom(
  file: AcceptedFile, chunks: ChunkRecorder, { knownBankCodes }: RecordingWiring,
): Promise<Recorded> {
  const errors = new BatchErrors();
  for await (const { lastLine } of readBatch(file, { knownBankCodes, errors, sink: chunks })) {
    if (errors.count > 0) throw new Error(`an accepted file has an error at or before line ${lastLine}`);
    while (chunks.isFull) if (!await chunks.flush()) return { finished: false, progress: chunks.progress };
  }
  const finished = await chunks.flush() && await chunks.finish();
  return { finished, progress: chunks.progress };
}

type Recording = typeof recordNewLines;
interface ChunkUnderWay {
  readonly paymentIds: readonly string[];
  readonly counts: ReturnType<Recording>;
}

/** The next chunk is read and encoded while the last one is on its way to the disk. */
class ChunkRecorder implements BatchLineSink {
  progress: RecordingProgress;
  private number = 0;
  private gathered: BatchLine[] = [];
  private underWay: ChunkUnderWay | null = null;

  constructor(
    private readonly file: AcceptedFile,
    private readonly from: RecordingProgress,
    private readonly wiring: RecordingWiring,
    private readonly recording: Recording,
  ) {
    this.progress = from;
  }

  get isFull(): boolean {
    return this.gathered.length >= this.from.linesPerChunk;
  }

  line(line: BatchLine): void {
    this.gathered.push(line);
  }

  wrongPayment(): void {
    throw new Error('an accepted file holds no wrong payment');
  }

  /**
   * False when the chunk before must be recorded otherwise. This one may be under way then: it is asked for
   * again under the same command id.
   */
  async flush(): Promise<boolean> {
    if (this.mustWait() && !await this.finish()) return false;
    const started = this.start();
    if (!await this.finish()) return false;
    this.underWay = started;
    return true;
  }

  /** Resolves when no chunk is under way any more; false when the last one must be recorded otherwise. */
  async finish(): Promise<boolean> {
    if (!this.underWay) return true;
    const { paymentIds, counts } = this.underWay;
    const recorded = await counts;
    this.underWay = null;
    if (recorded === notAllNew) return false;
    const { payments, statusChanges, alreadyKnown } = recorded;
    this.progress = {
      ...this.progress,
      chunks: this.progress.chunks + 1,
      lines: this.progress.lines + paymentIds.length,
      payments: this.progress.payments + payments,
      statusChanges: this.progress.statusChanges + statusChanges,
      alreadyKnown: this.progress.alreadyKnown + alreadyKnown,
    };
    this.wiring.progressed(this.progress);
    return true;
  }

  /** A later status may be of a payment that is still on its way. */
  private mustWait(): boolean {
    if (!this.underWay) return false;
    const changed = changedPayments(this.gathered);
    return changed.size > 0 && this.underWay.paymentIds.some((paymentId) => changed.has(paymentId));
  }

  /** Not asynchronous: a function that waits would keep the lines in memory while it does. */
  private start(): ChunkUnderWay | null {
    const lines = this.gathered.splice(0, this.from.linesPerChunk);
    const number = this.number++;
    if (lines.length === 0 || number < this.from.chunks) return null;
    const counts = this.recording(this.wiring.log, lines, this.metaOf(number));
    // Heard when it is awaited; until then a failure must not end the process.
    counts.catch(() => undefined);
    return { paymentIds: lines.map(({ paymentId }) => paymentId), counts };
  }

  /**
   * The same chunk of the same file has the same command id, whichever delivery or process brings it. Another
   * size cuts the file elsewhere: its chunks must not be taken for those of an earlier attempt.
   */
  private metaOf(number: number): AppendMeta {
    const { batchId, fileHash } = this.file;
    const name = JSON.stringify([batchId, fileHash, this.from.linesPerChunk, number]);
    return {
      ...this.wiring.meta(),
      commandId: nameBasedUuid(chunkNamespace, name),
      fingerprint: createHash('sha256').update(name).digest('hex'),
      independent: true,
    };
  }
}
