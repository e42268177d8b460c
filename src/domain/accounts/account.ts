import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { isAccountNumber } from '../identifiers/account-number.js';
import { isBlank } from '../plain-words.js';
import { isPrintable } from '../printable-text.js';
import type { AccountState, Applied, Rejection } from './account-state.js';
import { evolve } from './account-state.js';
import { accountWarningsFor } from './account-warnings.js';
import type { AccountFact, RejectionReason } from './account.events.js';

/** One stream per applicant and account, so that applying again after a "no" is told in the same story. */
export interface ApplyAccount {
  readonly type: 'ApplyAccount';
  readonly accountId: string;
  readonly applicationId: string;
  readonly applicantId: string;
  readonly bankCode: string;
  /** What the bank directory says of the code at this moment. */
  readonly bank: { readonly exists: boolean; readonly online: boolean };
  readonly accountNumber: string;
  readonly accountName: string;
  readonly by: string;
  readonly at: string;
}
/** Who reviews; `applicantId` is the reviewer's own record as a payee, where there is one. */
export interface Reviewer {
  readonly by: string;
  readonly applicantId?: string;
  /** The applicant lets the reviewer look at accounts of theirs. */
  readonly isDelegate?: boolean;
}
interface Review {
  readonly accountId: string;
  readonly reviewer: Reviewer;
  /** When the application that was looked at was filed: another one may have taken its place since. */
  readonly appliedAt?: string;
  readonly at: string;
}
export interface ApproveAccount extends Review { readonly type: 'ApproveAccount' }
export interface RejectAccount extends Review {
  readonly type: 'RejectAccount'; readonly reason: RejectionReason; readonly explanation?: string;
}
/** By the applicant alone: a stranger's account looks as if it did not exist. */
interface ByApplicant {
  readonly accountId: string; readonly applicantId: string; readonly by: string; readonly at: string;
}
export interface WithdrawApplication extends ByApplicant { readonly type: 'WithdrawApplication' }
export interface RemoveAccount extends ByApplicant { readonly type: 'RemoveAccount' }
export type AccountCommand =
  | ApplyAccount | ApproveAccount | RejectAccount | WithdrawApplication | RemoveAccount;

export const accountRefusals = [
  'account/unknown', 'account/unknown-bank-code', 'account/bank-code-closed', 'account/invalid-number',
  'account/name-required', 'account/already-applied', 'account/already-approved', 'account/not-pending',
  'account/not-approved', 'account/same-officer', 'account/explanation-required', 'account/applied-again',
  'account/unprintable-name', 'account/unprintable-explanation', 'account/reviewer-is-delegate',
] as const;
export type AccountRefusal = (typeof accountRefusals)[number];
export type AccountDecision = Decision<AccountFact, AccountRefusal>;

export function decide(command: AccountCommand, state: AccountState): AccountDecision {
  switch (command.type) {
    case 'ApplyAccount': return apply(command, state);
    case 'ApproveAccount': return approve(command, state);
    case 'RejectAccount': return reject(command, state);
    case 'WithdrawApplication': return withdraw(command, state);
    case 'RemoveAccount': return remove(command, state);
  }
}

export const accountDecider: Decider<AccountCommand, AccountState, AccountFact, AccountRefusal> = {
  initial: { status: 'none' }, evolve, decide,
};

/** A "no" is never final: after it the same account may be applied for again. */
function apply(command: ApplyAccount, state: AccountState): AccountDecision {
  if (state.status !== 'none' && state.applications.includes(command.applicationId)) return [];
  if (state.status === 'pending') return refuse('account/already-applied');
  if (state.status === 'approved') return refuse('account/already-approved');
  if (!isAccountNumber(command.accountNumber)) return refuse('account/invalid-number');
  if (isBlank(command.accountName)) return refuse('account/name-required');
  if (!isPrintable(command.accountName)) return refuse('account/unprintable-name');
  if (!command.bank.exists) return refuse('account/unknown-bank-code');
  if (!command.bank.online) return refuse('account/bank-code-closed');
  const { accountId, applicationId, applicantId, bankCode, accountNumber, accountName, by, at } = command;
  const warnings = accountWarningsFor(bankCode, accountNumber);
  return [{ type: 'AccountApplied', data: {
    accountId, applicationId, applicantId, bankCode, accountNumber,
    accountName: { plain: accountName }, warnings, appliedBy: by, appliedAt: at,
  } }];
}

function approve(command: ApproveAccount, state: AccountState): AccountDecision {
  const { accountId, reviewer, at } = command;
  if (state.status === 'none') return refuse('account/unknown');
  if (isOfAnother(command, state)) return refuse('account/applied-again');
  if (state.status === 'approved') return [];
  if (state.status !== 'pending') return refuse('account/not-pending');
  if (isOwn(reviewer, state)) return refuse('account/same-officer');
  if (reviewer.isDelegate) return refuse('account/reviewer-is-delegate');
  return [{ type: 'AccountApproved', data: { accountId, approvedBy: reviewer.by, approvedAt: at } }];
}

function reject(command: RejectAccount, state: AccountState): AccountDecision {
  const { accountId, reason, explanation = '', reviewer, at } = command;
  if (state.status === 'none') return refuse('account/unknown');
  if (isOfAnother(command, state)) return refuse('account/applied-again');
  const words = isBlank(explanation) ? {} : { explanation: { plain: explanation } };
  if (state.status === 'rejected' && isRepeated(command, state.rejection)) return [];
  if (state.status !== 'pending') return refuse('account/not-pending');
  if (isOwn(reviewer, state)) return refuse('account/same-officer');
  if (reviewer.isDelegate) return refuse('account/reviewer-is-delegate');
  if (reason === '其他' && !words.explanation) return refuse('account/explanation-required');
  if (!isPrintable(explanation)) return refuse('account/unprintable-explanation');
  const { applicantId } = state;
  return [{ type: 'AccountRejected', data: {
    accountId, reason, ...words, applicantId, rejectedBy: reviewer.by, rejectedAt: at,
  } }];
}

/** Words are sealed: whether they are the same nobody here can tell, and none must be lost unsaid. */
const isRepeated = ({ reason, explanation = '', reviewer, at }: RejectAccount, known: Rejection): boolean =>
  reason === known.reason && (known.by === reviewer.by && known.at === at
    || !known.isExplained && isBlank(explanation));

const isOfAnother = ({ appliedAt }: Review, applied: Applied): boolean =>
  appliedAt !== undefined && appliedAt !== applied.appliedAt;

/** Four eyes: neither who filed the application nor the applicant in another role may judge it. */
const isOwn = ({ by, applicantId }: Reviewer, applied: Applied): boolean =>
  by === applied.appliedBy || by === applied.applicantId || applicantId === applied.applicantId;

function withdraw(command: WithdrawApplication, state: AccountState): AccountDecision {
  const { accountId, applicantId, by, at } = command;
  if (state.status === 'none' || state.applicantId !== applicantId) return refuse('account/unknown');
  if (state.status === 'withdrawn') return [];
  if (state.status !== 'pending') return refuse('account/not-pending');
  return [{ type: 'ApplicationWithdrawn', data: { accountId, withdrawnBy: by, withdrawnAt: at } }];
}

function remove({ accountId, applicantId, by, at }: RemoveAccount, state: AccountState): AccountDecision {
  if (state.status === 'none' || state.applicantId !== applicantId) return refuse('account/unknown');
  if (state.status === 'removed') return [];
  if (state.status !== 'approved') return refuse('account/not-approved');
  return [{ type: 'AccountRemoved', data: { accountId, removedBy: by, removedAt: at } }];
}
