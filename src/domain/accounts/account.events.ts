import type { Fact, Personal } from '../decider.js';

/** 未核准原因. The vocabulary is ours (PRODUCT decision 4): the treasury's own list is not public. */
export const rejectionReasons = [
  '戶名與帳號不符', '統一編號不符', '帳號檢核錯誤', '金融機構代號停用', '證件不符', '重複申請', '其他',
] as const;
export type RejectionReason = (typeof rejectionReasons)[number];

/** Things a reviewer should see but that never refuse an application (PRODUCT decision 5). */
export const accountWarnings = [
  'account-number/post-office-check-digit', 'account-number/unusual-length',
] as const;
export type AccountWarning = (typeof accountWarnings)[number];

export type AccountApplied = Fact<'AccountApplied', {
  readonly accountId: string;
  readonly applicationId: string;
  readonly applicantId: string;
  readonly bankCode: string;
  /** As entered; compared by its 14-digit padded form. */
  readonly accountNumber: string;
  readonly accountName: Personal;
  readonly warnings: readonly AccountWarning[];
  readonly appliedBy: string;
  readonly appliedAt: string;
}>;
export type AccountApproved = Fact<'AccountApproved', {
  readonly accountId: string; readonly approvedBy: string; readonly approvedAt: string;
}>;
export type AccountRejected = Fact<'AccountRejected', {
  readonly accountId: string;
  readonly reason: RejectionReason;
  /** The reviewer's own words; required with 其他. Sealed under the applicant's key: it may name people. */
  readonly explanation?: Personal;
  readonly applicantId: string;
  readonly rejectedBy: string;
  readonly rejectedAt: string;
}>;
export type ApplicationWithdrawn = Fact<'ApplicationWithdrawn', {
  readonly accountId: string; readonly withdrawnBy: string; readonly withdrawnAt: string;
}>;
export type AccountRemoved = Fact<'AccountRemoved', {
  readonly accountId: string; readonly removedBy: string; readonly removedAt: string;
}>;

export type AccountFact =
  | AccountApplied | AccountApproved | AccountRejected | ApplicationWithdrawn | AccountRemoved;
