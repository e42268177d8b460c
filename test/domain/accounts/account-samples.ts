import type { ApplyAccount, ApproveAccount, RejectAccount } from '../../../src/domain/accounts/account.js';
import type { RemoveAccount, WithdrawApplication } from '../../../src/domain/accounts/account.js';
import type {
  AccountApplied, AccountApproved, AccountRejected, AccountRemoved, ApplicationWithdrawn,
} from '../../../src/domain/accounts/account.events.js';

export const accountId = 'account-1';
export const applicantId = 'applicant-1';
export const at = '2019-06-14T02:15:19.526Z';

export const apply = (changes: Partial<ApplyAccount> = {}): ApplyAccount => ({
  type: 'ApplyAccount', accountId, applicationId: 'application-1', applicantId, bankCode: '0040037',
  bank: { exists: true, online: true }, accountNumber: '109012345678', accountName: '王小明', by: 'ming', at,
  ...changes,
});
export const approve = (changes: Partial<ApproveAccount> = {}): ApproveAccount =>
  ({ type: 'ApproveAccount', accountId, reviewer: { by: 'lin' }, at, ...changes });
export const reject = (changes: Partial<RejectAccount> = {}): RejectAccount =>
  ({ type: 'RejectAccount', accountId, reason: '戶名與帳號不符', reviewer: { by: 'lin' }, at, ...changes });
export const withdraw = (changes: Partial<WithdrawApplication> = {}): WithdrawApplication =>
  ({ type: 'WithdrawApplication', accountId, applicantId, by: 'ming', at, ...changes });
export const remove = (changes: Partial<RemoveAccount> = {}): RemoveAccount =>
  ({ type: 'RemoveAccount', accountId, applicantId, by: 'ming', at, ...changes });

export const applied = (changes: Partial<AccountApplied['data']> = {}): AccountApplied => ({
  type: 'AccountApplied',
  data: {
    accountId, applicationId: 'application-1', applicantId, bankCode: '0040037',
    accountNumber: '109012345678',
    accountName: { plain: '王小明' }, warnings: [], appliedBy: 'ming', appliedAt: at, ...changes,
  },
});
export const approved = (): AccountApproved =>
  ({ type: 'AccountApproved', data: { accountId, approvedBy: 'lin', approvedAt: at } });
export const rejected = (changes: Partial<AccountRejected['data']> = {}): AccountRejected => ({
  type: 'AccountRejected',
  data: { accountId, reason: '戶名與帳號不符', applicantId, rejectedBy: 'lin', rejectedAt: at, ...changes },
});
export const withdrawn = (): ApplicationWithdrawn =>
  ({ type: 'ApplicationWithdrawn', data: { accountId, withdrawnBy: 'ming', withdrawnAt: at } });
export const removed = (): AccountRemoved =>
  ({ type: 'AccountRemoved', data: { accountId, removedBy: 'ming', removedAt: at } });
