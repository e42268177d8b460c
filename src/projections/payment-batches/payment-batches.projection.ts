import type { StoredFact } from '../../application/event-log.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';

export const batchStatuses = ['accepted', 'completed', 'refused'] as const;
export type BatchStatus = (typeof batchStatuses)[number];

/**
 * One row per file of a batch, told apart by its hash: after a refusal a corrected file may come under the
 * same id, and another file that comes after an accepted one is refused without touching it.
 */
export type PaymentBatchRow = {
  /** Position of the latest verdict on the file: where the file stands in the list. */
  readonly ordinal: string;
  /** Position of the last fact about the file: once it is completed, all it recorded lies before. */
  readonly last_position: string;
  readonly payments: number | null;
  readonly invoices: number | null;
  readonly amount: number | null;
  readonly status_changes: number | null;
  readonly recorded_payments: number | null;
  readonly recorded_status_changes: number | null;
  readonly already_known: number | null;
  readonly error_count: number | null;
  readonly batch_id: string;
  readonly file_hash: string;
  readonly status: BatchStatus;
  readonly issued_at: string | null;
  readonly delivered_by: string;
  readonly judged_at: string;
  readonly completed_at: string | null;
  /** JSON array: the first errors, by line. */
  readonly errors: string | null;
};

const sees = ['PaymentBatchAccepted', 'PaymentBatchRefused', 'PaymentBatchCompleted'] as const;
type Seen = (typeof sees)[number];
type Rows = readonly PaymentBatchRow[];

export const paymentBatches: Projection<PaymentBatchRow, Seen> = {
  name: 'payment_batches',
  version: 2,
  columns: {
    ordinal: 'position', last_position: 'position', payments: 'money', invoices: 'money', amount: 'money',
    status_changes: 'money', recorded_payments: 'money', recorded_status_changes: 'money',
    already_known: 'money', error_count: 'money', batch_id: 'code', file_hash: 'code', status: 'code',
    issued_at: 'instant', delivered_by: 'text', judged_at: 'instant', completed_at: 'instant', errors: 'text',
  },
  nullable: [
    'payments', 'invoices', 'amount', 'status_changes', 'recorded_payments', 'recorded_status_changes',
    'already_known', 'error_count', 'issued_at', 'completed_at', 'errors',
  ],
  primaryKey: ['batch_id', 'file_hash'],
  groupColumn: 'batch_id',
  indexes: { by_ordinal: '(ordinal)' },
  rowsFor: { person: 'none', staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.batchId,
  evolve,
};

const nothingYet = {
  payments: null, invoices: null, amount: null, status_changes: null, recorded_payments: null,
  recorded_status_changes: null, already_known: null, error_count: null, issued_at: null, completed_at: null,
  errors: null,
} as const;

function evolve(rows: Rows, fact: StoredFact<FactOf<Seen>>): Rows {
  switch (fact.type) {
    case 'PaymentBatchAccepted': return judged(rows, accepted(fact));
    case 'PaymentBatchRefused': return judged(rows, refused(fact));
    case 'PaymentBatchCompleted':
      return rows.map((row) => (row.status === 'accepted' ? completed(row, fact) : row));
  }
}

function judged(rows: Rows, verdict: PaymentBatchRow): Rows {
  return [...rows.filter((row) => row.file_hash !== verdict.file_hash), verdict];
}

function accepted({ data, position }: StoredFact<FactOf<'PaymentBatchAccepted'>>): PaymentBatchRow {
  return {
    ...nothingYet, ordinal: position, last_position: position, batch_id: data.batchId,
    file_hash: data.fileHash, status: 'accepted',
    payments: data.totals.payments, invoices: data.totals.invoices, amount: data.totals.amount,
    status_changes: data.statusChanges, issued_at: data.issuedAt, delivered_by: data.deliveredBy,
    judged_at: data.acceptedAt,
  };
}

function refused({ data, position }: StoredFact<FactOf<'PaymentBatchRefused'>>): PaymentBatchRow {
  return {
    ...nothingYet, ordinal: position, last_position: position, batch_id: data.batchId,
    file_hash: data.fileHash, status: 'refused',
    error_count: data.errorCount, errors: JSON.stringify(data.errors), delivered_by: data.deliveredBy,
    judged_at: data.refusedAt,
  };
}

function completed(
  row: PaymentBatchRow, { data, position }: StoredFact<FactOf<'PaymentBatchCompleted'>>,
): PaymentBatchRow {
  return {
    ...row, status: 'completed', last_position: position, recorded_payments: data.recorded.payments,
    recorded_status_changes: data.recorded.statusChanges, already_known: data.recorded.alreadyKnown,
    completed_at: data.completedAt,
  };
}
