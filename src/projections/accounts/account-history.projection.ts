import type { StoredFact } from '../../application/event-log.js';
import type { RejectionReason } from '../../domain/accounts/account.events.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';
import { tokenOf } from '../sealed.js';

/** One row per fact of an account's story: who did what when, shown beside the case on NSS103E. */
export type AccountHistoryRow = {
  readonly ordinal: string;
  readonly account_id: string;
  /** The fact that carries the sealed explanation. */
  readonly fact_id: string;
  readonly stream: string;
  readonly event: Seen;
  readonly happened_at: string;
  readonly done_by: string;
  readonly reason: RejectionReason | null;
  readonly explanation: string | null;
};

const sees = [
  'AccountApplied', 'AccountApproved', 'AccountRejected', 'ApplicationWithdrawn', 'AccountRemoved',
] as const;
type Seen = (typeof sees)[number];

type Told = Pick<AccountHistoryRow, 'happened_at' | 'done_by'>
  & Partial<Pick<AccountHistoryRow, 'reason' | 'explanation'>>;

export const accountHistory: Projection<AccountHistoryRow, Seen> = {
  name: 'account_history',
  version: 1,
  columns: {
    ordinal: 'position', account_id: 'uuid', fact_id: 'uuid', stream: 'code', event: 'code',
    happened_at: 'instant', done_by: 'text', reason: 'code', explanation: 'sealed',
  },
  nullable: ['reason', 'explanation'],
  primaryKey: ['account_id', 'ordinal'],
  groupColumn: 'account_id',
  indexes: {},
  rowsFor: { person: 'none', staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.accountId,
  evolve: (rows, fact) => [...rows, {
    ordinal: fact.position, account_id: fact.data.accountId, fact_id: fact.id, stream: fact.stream,
    event: fact.type, reason: null, explanation: null, ...toldBy(fact),
  }],
};

function toldBy(fact: StoredFact<FactOf<Seen>>): Told {
  switch (fact.type) {
    case 'AccountApplied': return { happened_at: fact.data.appliedAt, done_by: fact.data.appliedBy };
    case 'AccountApproved': return { happened_at: fact.data.approvedAt, done_by: fact.data.approvedBy };
    case 'AccountRejected': return {
      happened_at: fact.data.rejectedAt, done_by: fact.data.rejectedBy, reason: fact.data.reason,
      explanation: fact.data.explanation ? tokenOf(fact.data.explanation) : null,
    };
    case 'ApplicationWithdrawn':
      return { happened_at: fact.data.withdrawnAt, done_by: fact.data.withdrawnBy };
    case 'AccountRemoved': return { happened_at: fact.data.removedAt, done_by: fact.data.removedBy };
  }
}
