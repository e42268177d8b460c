import type { StoredFact } from '../../application/event-log.js';
import { accountKey } from '../../domain/identifiers/account-number.js';
import type { FactOf } from '../../domain/facts.js';
import type { PaymentStatus } from '../../domain/payments/payment.events.js';
import { taipeiDate } from '../../domain/roc-date.js';
import type { Projection } from '../projection.js';
import { ownRows } from '../viewer.js';

/** One row per fact of a payment: what an officer or the payee reads from top to bottom. */
export type TimelineRow = {
  /** Position of the fact. */
  readonly ordinal: string;
  /** The date the fact itself speaks of: paid, remitted, returned … on. */
  readonly happened_on: string;
  readonly payment_id: string;
  readonly event: Seen;
  /** The payment's status after the fact. */
  readonly status: PaymentStatus;
  /** Whose payment it was after the fact: a correction may move it to another account. */
  readonly account_key: string;
  /** When the service was told, which may be days after it happened. */
  readonly recorded_at: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly batch_id: string | null;
  /** JSON: what a correction put right, by name. */
  readonly correction: string | null;
};

const sees = [
  'PaymentRecorded', 'RemittanceRecorded', 'RemittanceReturned', 'PaymentReissued',
  'ChequeIssuedInstead', 'PaymentCancelled', 'PaymentCorrected',
] as const;
type Seen = (typeof sees)[number];

type Told = Pick<TimelineRow, 'happened_on' | 'status'>
  & Partial<Pick<TimelineRow, 'account_key' | 'reason' | 'note' | 'batch_id' | 'correction'>>;

export const paymentTimeline: Projection<TimelineRow, Seen> = {
  name: 'payment_timeline',
  version: 1,
  columns: {
    ordinal: 'position', happened_on: 'date', payment_id: 'uuid', event: 'code', status: 'code',
    account_key: 'code', recorded_at: 'instant', reason: 'text', note: 'text', batch_id: 'code',
    correction: 'text',
  },
  nullable: ['reason', 'note', 'batch_id', 'correction'],
  primaryKey: ['payment_id', 'ordinal'],
  groupColumn: 'payment_id',
  indexes: {},
  rowsFor: { person: ownRows.ofPayment('payment_id'), staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.paymentId,
  evolve: (rows, fact) => [...rows, rowOf(rows.at(-1), fact)],
};

function rowOf(previous: TimelineRow | undefined, fact: StoredFact<FactOf<Seen>>): TimelineRow {
  const told = toldBy(fact, previous);
  return {
    ordinal: fact.position, happened_on: told.happened_on, payment_id: fact.data.paymentId, event: fact.type,
    status: told.status, account_key: told.account_key ?? known(previous).account_key,
    recorded_at: fact.meta.at, reason: told.reason ?? null, note: told.note ?? null,
    batch_id: told.batch_id ?? null,
    correction: told.correction ?? null,
  };
}

function toldBy(fact: StoredFact<FactOf<Seen>>, previous: TimelineRow | undefined): Told {
  switch (fact.type) {
    case 'PaymentRecorded': return {
      happened_on: fact.data.paymentDate, status: fact.data.status, batch_id: fact.data.batchId,
      account_key: accountKey(fact.data.bankCode, fact.data.accountNumber),
    };
    case 'RemittanceRecorded': return {
      happened_on: fact.data.remittedOn, status: '已匯款', note: fact.data.note, batch_id: fact.data.batchId,
    };
    case 'RemittanceReturned': return {
      happened_on: fact.data.returnedOn, status: '退匯', reason: fact.data.reason, note: fact.data.explanation,
      batch_id: fact.data.batchId,
    };
    case 'PaymentReissued': return {
      happened_on: fact.data.reissuedOn, status: '重匯', note: fact.data.note, batch_id: fact.data.batchId,
    };
    case 'ChequeIssuedInstead': return {
      happened_on: fact.data.issuedOn, status: '改簽支票', note: fact.data.note, batch_id: fact.data.batchId,
    };
    case 'PaymentCancelled': return {
      happened_on: fact.data.cancelledOn, status: '註銷', reason: fact.data.reason, batch_id: fact.data.batchId,
    };
    case 'PaymentCorrected': return corrected(fact, known(previous));
  }
}

function corrected({ data }: StoredFact<FactOf<'PaymentCorrected'>>, previous: TimelineRow): Told {
  const { account_key: key } = previous;
  const { bankCode = key.slice(0, 7), accountNumber = key.slice(7) } = data.correction;
  return {
    happened_on: taipeiDate(data.correctedAt), status: previous.status, reason: data.reason,
    account_key: accountKey(bankCode, accountNumber), correction: JSON.stringify(data.correction),
  };
}

function known(previous: TimelineRow | undefined): TimelineRow {
  if (!previous) throw new Error('a payment that was never recorded has no history');
  return previous;
}
