import type { StoredFact } from '../../application/event-log.js';
import type { RejectionReason } from '../../domain/accounts/account.events.js';
import { accountKey } from '../../domain/identifiers/account-number.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';
import { tokenOf } from '../sealed.js';
import { ownRows } from '../viewer.js';

/** Statuses of an application (PRODUCT decision 4); 暫存 is a draft and never reaches the log. */
export const applicationStatuses = ['審核中', '已核准', '未核准', '已撤回', '已刪除'] as const;
export type ApplicationStatus = (typeof applicationStatuses)[number];

/**
 * One row per applicant and bank account, showing the latest application: the payee's list and the reviewers'
 * queue.
 */
export type AccountRow = {
  /** Position of the latest application: the queue is first come, first served. */
  readonly applied_ordinal: string;
  readonly account_id: string;
  readonly application_id: string;
  readonly applicant_id: string;
  /** The fact that carries the sealed name. */
  readonly applied_fact: string;
  /** The fact that carries the sealed explanation. */
  readonly decided_fact: string | null;
  readonly stream: string;
  readonly bank_code: string;
  readonly account_number: string;
  readonly account_key: string;
  readonly account_name: string;
  readonly status: ApplicationStatus;
  /** JSON array of codes. */
  readonly warnings: string;
  readonly applied_by: string;
  readonly applied_at: string;
  readonly decided_by: string | null;
  readonly decided_at: string | null;
  readonly reason: RejectionReason | null;
  readonly explanation: string | null;
};

const sees = [
  'AccountApplied', 'AccountApproved', 'AccountRejected', 'ApplicationWithdrawn', 'AccountRemoved',
] as const;
type Seen = (typeof sees)[number];

export const accounts: Projection<AccountRow, Seen> = {
  name: 'accounts',
  version: 1,
  columns: {
    applied_ordinal: 'position', account_id: 'uuid', application_id: 'uuid', applicant_id: 'uuid',
    applied_fact: 'uuid', decided_fact: 'uuid', stream: 'code', bank_code: 'code', account_number: 'code',
    account_key: 'code', account_name: 'sealed', status: 'code', warnings: 'text', applied_by: 'text',
    applied_at: 'instant', decided_by: 'text', decided_at: 'instant', reason: 'code', explanation: 'sealed',
  },
  nullable: ['decided_fact', 'decided_by', 'decided_at', 'reason', 'explanation'],
  primaryKey: ['account_id'],
  groupColumn: 'account_id',
  indexes: {
    by_applicant: '(applicant_id, account_key)',
    by_key: '(account_key)',
    by_status: '(status, applied_ordinal)',
  },
  rowsFor: { person: ownRows.ofApplicantOrAccounts('applicant_id', 'account_id'), staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.accountId,
  evolve: (rows, fact) => [fact.type === 'AccountApplied' ? applied(fact) : decided(rows[0], fact)],
};

function applied({ data, id, stream, position }: StoredFact<FactOf<'AccountApplied'>>): AccountRow {
  return {
    applied_ordinal: position, account_id: data.accountId, application_id: data.applicationId,
    applicant_id: data.applicantId, applied_fact: id, decided_fact: null, stream, bank_code: data.bankCode,
    account_number: data.accountNumber, account_key: accountKey(data.bankCode, data.accountNumber),
    account_name: tokenOf(data.accountName), status: '審核中', warnings: JSON.stringify(data.warnings),
    applied_by: data.appliedBy, applied_at: data.appliedAt, decided_by: null, decided_at: null, reason: null,
    explanation: null,
  };
}

type Decided = StoredFact<FactOf<Exclude<Seen, 'AccountApplied'>>>;

function decided(row: AccountRow | undefined, fact: Decided): AccountRow {
  if (!row) throw new Error(`account ${fact.data.accountId} is decided on before it was applied for`);
  const open = { ...row, decided_fact: fact.id, reason: null, explanation: null };
  switch (fact.type) {
    case 'AccountApproved':
      return { ...open, status: '已核准', decided_by: fact.data.approvedBy, decided_at: fact.data.approvedAt };
    case 'AccountRejected': {
      const { rejectedBy, rejectedAt, reason, explanation } = fact.data;
      return {
        ...open, status: '未核准', decided_by: rejectedBy, decided_at: rejectedAt, reason,
        explanation: explanation ? tokenOf(explanation) : null,
      };
    }
    case 'ApplicationWithdrawn':
      return { ...open, status: '已撤回', decided_by: fact.data.withdrawnBy, decided_at: fact.data.withdrawnAt };
    case 'AccountRemoved':
      return { ...open, status: '已刪除', decided_by: fact.data.removedBy, decided_at: fact.data.removedAt };
  }
}
