import type {
  BatchError, BatchTotals, PaymentBatchCompleted,
} from '../../domain/payment-batches/payment-batch.events.js';
import type { Position } from '../event-log.js';

export type BatchCharset = 'utf-8' | 'big5';

export interface DeliveredBy {
  readonly charset: BatchCharset;
  /** Random id of the operator, or of the service's own part that delivers. */
  readonly deliveredBy: string;
  readonly correlationId?: string;
}

/** The file is kept whole; nothing of it has been judged. */
export interface ReceivedBatch {
  readonly deliveryId: string;
  readonly fileHash: string;
  readonly bytes: number;
}

/** What became of a delivery. Every one of these is final. */
export type DeliveryOutcome =
  | {
    readonly kind: 'completed';
    /** True when the same file had been recorded before: this delivery added nothing. */
    readonly alreadyRecorded: boolean;
    readonly batchId: string;
    readonly issuedAt: string;
    readonly totals: BatchTotals;
    readonly statusChanges: number;
    readonly recorded: PaymentBatchCompleted['data']['recorded'];
    /** Of the fact that completed the batch: everything the batch recorded lies before it. */
    readonly position: Position;
  }
  | {
    readonly kind: 'refused';
    /** Null when the header does not tell it; such a delivery leaves no fact. */
    readonly batchId: string | null;
    /** The first 1,000 by line; `errorCount` counts all. */
    readonly errors: readonly BatchError[];
    readonly errorCount: number;
    readonly position: Position | null;
  };

/** `received` → `validating` → `recording` → `finished`; a crash leads back to the phase it happened in. */
export type DeliveryPhase = 'received' | 'validating' | 'recording' | 'finished';

/** One file as it was handed in, and how far the work on it has come. */
export interface Delivery {
  readonly deliveryId: string;
  /** Null until the header was read, and for good when it is wrong. */
  readonly batchId: string | null;
  readonly fileHash: string;
  readonly bytes: number;
  readonly charset: BatchCharset;
  readonly deliveredBy: string;
  readonly correlationId?: string;
  readonly receivedAt: string;
  readonly phase: DeliveryPhase;
  readonly linesChecked: number;
  readonly linesRecorded: number;
  readonly outcome: DeliveryOutcome | null;
}

/** Where files come in and where their fate can be asked for. */
export interface BatchIntake {
  /**
   * Keeps the file durably, in pieces, without holding it in memory. Rejects when the stream fails (a client
   * that goes away) and then leaves nothing behind.
   */
  receive(file: AsyncIterable<Uint8Array>, by: DeliveredBy): Promise<ReceivedBatch>;
  delivery(deliveryId: string): Promise<Delivery | null>;
  /** The latest delivery whose header named this batch. */
  latestOf(batchId: string): Promise<Delivery | null>;
  /** The delivery once it is finished, or as it stands after `timeoutMs`. */
  waitForOutcome(deliveryId: string, timeoutMs: number): Promise<Delivery | null>;
}
export const BATCH_INTAKE = Symbol('BatchIntake');
