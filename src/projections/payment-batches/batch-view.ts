import type {
  BatchError, BatchTotals, PaymentBatchCompleted,
} from '../../domain/payment-batches/payment-batch.events.js';
import type { BatchStatus } from './payment-batches.projection.js';

/** One delivered file and what came of it. */
export interface BatchView {
  readonly batchId: string;
  readonly fileHash: string;
  readonly status: BatchStatus;
  readonly issuedAt: string | null;
  readonly totals: BatchTotals | null;
  readonly statusChanges: number | null;
  readonly recorded: PaymentBatchCompleted['data']['recorded'] | null;
  /** All of them; `errors` holds the first 1,000. */
  readonly errorCount: number;
  readonly deliveredBy: string;
  readonly judgedAt: string;
  readonly completedAt: string | null;
  /** Of the last fact about the file: a table that has passed it shows all that the file recorded. */
  readonly position: string;
}
export interface BatchWithErrors extends BatchView { readonly errors: readonly BatchError[] }

/** PostgreSQL builds the view's JSON; numbers are whole and safe, positions stay texts. */
export const batchJson = `
  json_build_object(
    'batchId', d.batch_id, 'fileHash', d.file_hash, 'status', d.status, 'issuedAt', d.issued_at,
    'totals', CASE WHEN d.payments IS NOT NULL THEN
      json_build_object('payments', d.payments, 'invoices', d.invoices, 'amount', d.amount) END,
    'statusChanges', d.status_changes,
    'recorded', CASE WHEN d.recorded_payments IS NOT NULL THEN
      json_build_object('payments', d.recorded_payments, 'statusChanges', d.recorded_status_changes,
        'alreadyKnown', d.already_known) END,
    'errorCount', coalesce(d.error_count, 0), 'deliveredBy', d.delivered_by, 'judgedAt', d.judged_at,
    'completedAt', d.completed_at, 'position', d.last_position::text`;
