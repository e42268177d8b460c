import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { PaymentCorrection, PaymentStatus } from '../../domain/payments/payment.events.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { Viewer } from '../viewer.js';
import type { TimelineRow } from './payment-timeline.projection.js';

export interface PaymentHistoryEntry {
  readonly position: string;
  readonly event: TimelineRow['event'];
  readonly status: PaymentStatus;
  /** ISO date the fact speaks of. */
  readonly date: string;
  readonly recordedAt: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly batchId: string | null;
  /** What was put right; without the account where it is not to be seen. */
  readonly correction: PaymentCorrection | null;
  /** Whether the entry is a correction that moved the payment to another account. */
  readonly accountChanged: boolean;
}

/**
 * `accountKey` is the account the payment belongs to now: whoever may see that account may read the history.
 */
export interface PaymentHistory {
  readonly paymentId: string;
  readonly accountKey: string;
  readonly entries: readonly PaymentHistoryEntry[];
}

export interface HistoryQuestion {
  readonly paymentId: string;
  /**
   * Whether corrections tell account numbers. A payment corrected back and forth went to other people's
   * accounts in between: that is for the auditor, not for the payee it belongs to now.
   */
  readonly accounts: 'shown' | 'left out';
}

export class FindPaymentHistory extends Query<PaymentHistory | null> {
  constructor(readonly asked: HistoryQuestion, readonly viewer: Viewer) { super(); }
}

const sql = `
  SELECT t.ordinal, t.happened_on, t.payment_id, t.event, t.status, t.account_key, t.recorded_at,
    t.reason, t.note, t.batch_id, t.correction
  FROM read.payment_timeline AS t
  WHERE t.payment_id = $1
  ORDER BY t.ordinal`;

@QueryHandler(FindPaymentHistory)
export class FindPaymentHistoryHandler implements IQueryHandler<FindPaymentHistory> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked, viewer }: FindPaymentHistory): Promise<PaymentHistory | null> {
    const rows = await this.store.query<TimelineRow>(viewer, sql, [asked.paymentId]);
    const last = rows.at(-1);
    if (!last) return null;
    return { paymentId: asked.paymentId, accountKey: last.account_key, entries: rows.map(entryOf(asked)) };
  }
}

const entryOf = ({ accounts }: HistoryQuestion) => (row: TimelineRow): PaymentHistoryEntry => {
  const correction = row.correction === null ? null : (JSON.parse(row.correction) as PaymentCorrection);
  return {
    position: row.ordinal, event: row.event, status: row.status, date: row.happened_on,
    recordedAt: row.recorded_at, reason: row.reason, note: row.note, batchId: row.batch_id,
    correction: accounts === 'shown' ? correction : withoutAccount(correction),
    accountChanged: correction?.bankCode !== undefined || correction?.accountNumber !== undefined,
  };
};

function withoutAccount(correction: PaymentCorrection | null): PaymentCorrection | null {
  if (correction === null) return null;
  const { bankCode: _bank, accountNumber: _account, ...others } = correction;
  return others;
}
