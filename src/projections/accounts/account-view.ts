import type { SealedField } from '../../application/personal-keys.js';
import type { AccountWarning, RejectionReason } from '../../domain/accounts/account.events.js';
import type { BankCodeState } from '../bank-directory/bank-directory.projection.js';
import { sealedField } from '../sealed.js';
import type { AccountRow, ApplicationStatus } from './accounts.projection.js';

/**
 * An account as NSS102E lists it and NSS103E judges it. Sealed fields are opened at the edge, for who may
 * read them.
 */
export interface AccountView {
  readonly accountId: string;
  readonly applicationId: string;
  readonly applicantId: string;
  readonly bankCode: string;
  /** Null when the directory does not hold the code. */
  readonly bankName: string | null;
  /** 停用 is flagged to the owner of an approved account and to the reviewer (PRODUCT decision 6). */
  readonly bankState: BankCodeState | null;
  /** As entered. */
  readonly accountNumber: string;
  readonly accountKey: string;
  readonly accountName: SealedField;
  readonly status: ApplicationStatus;
  readonly warnings: readonly AccountWarning[];
  readonly reason: RejectionReason | null;
  readonly explanation: SealedField | null;
  readonly appliedBy: string;
  readonly appliedAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
}

export type AccountViewRow = AccountRow & {
  readonly bank_name: string | null;
  readonly bank_state: BankCodeState | null;
};

/** The columns and tables of a view; the caller says which accounts, and in what order. */
export const selectAccounts = `
  SELECT a.applied_ordinal, a.account_id, a.application_id, a.applicant_id, a.applied_fact, a.decided_fact,
    a.stream, a.bank_code, a.account_number, a.account_key, a.account_name, a.status, a.warnings,
    a.applied_by, a.applied_at, a.decided_by, a.decided_at, a.reason, a.explanation,
    b.name AS bank_name, b.state AS bank_state
  FROM read.accounts AS a
  LEFT JOIN read.bank_directory AS b ON b.code = a.bank_code`;

export function accountView(row: AccountViewRow): AccountView {
  return {
    accountId: row.account_id,
    applicationId: row.application_id,
    applicantId: row.applicant_id,
    bankCode: row.bank_code,
    bankName: row.bank_name,
    bankState: row.bank_state,
    accountNumber: row.account_number,
    accountKey: row.account_key,
    accountName: {
      token: row.account_name, at: { stream: row.stream, eventId: row.applied_fact, field: 'accountName' },
    },
    status: row.status,
    warnings: JSON.parse(row.warnings) as AccountWarning[],
    reason: row.reason,
    explanation: sealedField(row.explanation, row.stream, row.decided_fact, 'explanation'),
    appliedBy: row.applied_by,
    appliedAt: row.applied_at,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at,
  };
}
