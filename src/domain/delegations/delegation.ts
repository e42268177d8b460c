import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { latestOf } from '../instants.js';
import { isBlank } from '../plain-words.js';
import { isPrintable } from '../printable-text.js';
import { isIsoDate } from '../roc-date.js';
import type { DelegationState } from './delegation-state.js';
import { evolve, isForApproval, isOver } from './delegation-state.js';
import type { CardType, DelegationFact, GrantedThrough } from './delegation.events.js';

/** An account as its own story has it at this moment. */
export interface AccountToDelegate {
  readonly accountId: string;
  /** Null for one that does not exist. */
  readonly ownerId: string | null;
  /** Since when it is approved without a break; null where it is not. */
  readonly approvedAt: string | null;
}
/** One stream per company, delegate and kind of card. */
export interface GrantDelegation {
  readonly type: 'GrantDelegation';
  readonly delegationId: string;
  readonly company: { readonly applicantId: string; readonly isCompany: boolean };
  readonly delegate: {
    readonly applicantId: string; readonly name: string; readonly cardType: CardType;
  };
  readonly accounts: readonly AccountToDelegate[];
  /** ISO date; null until revoked. */
  readonly expiresOn: string | null;
  readonly through: GrantedThrough;
  readonly by: string;
  readonly at: string;
}
/** By the company alone: a stranger's delegation looks as if it did not exist. */
export interface RevokeDelegation {
  readonly type: 'RevokeDelegation';
  readonly delegationId: string;
  readonly companyId: string;
  readonly accountIds: readonly string[];
  readonly by: string;
  readonly at: string;
}
export type DelegationCommand = GrantDelegation | RevokeDelegation;

export const delegationRefusals = [
  'delegation/unknown', 'delegation/company-only', 'delegation/name-required', 'delegation/no-account',
  'delegation/unknown-account', 'delegation/account-not-approved', 'delegation/invalid-expiry',
  'delegation/expiry-past',
] as const;
export type DelegationRefusal = (typeof delegationRefusals)[number];
export type DelegationDecision = Decision<DelegationFact, DelegationRefusal>;

export function decide(command: DelegationCommand, state: DelegationState): DelegationDecision {
  switch (command.type) {
    case 'GrantDelegation': return grant(command, state);
    case 'RevokeDelegation': return revoke(command, state);
  }
}

export const delegationDecider:
  Decider<DelegationCommand, DelegationState, DelegationFact, DelegationRefusal> =
  { initial: { status: 'none' }, evolve, decide };

/** What may be delegated to anybody, and until when: also asked before somebody is invited. */
export function refusedTerms(
  { company, accounts, expiresOn, at }:
  Pick<GrantDelegation, 'company' | 'accounts' | 'expiresOn' | 'at'>,
): DelegationRefusal | null {
  if (!company.isCompany) return 'delegation/company-only';
  if (accounts.length === 0) return 'delegation/no-account';
  if (expiresOn !== null && !isIsoDate(expiresOn)) return 'delegation/invalid-expiry';
  if (isOver(expiresOn, at)) return 'delegation/expiry-past';
  // What is delegated to oneself is not one's own, so that no delegate delegates on.
  if (accounts.some(({ ownerId }) => ownerId !== company.applicantId)) return 'delegation/unknown-account';
  return accounts.every(({ approvedAt }) => approvedAt !== null) ? null : 'delegation/account-not-approved';
}

function grant(command: GrantDelegation, state: DelegationState): DelegationDecision {
  const { delegationId, company, delegate, accounts, expiresOn, through, by, at } = command;
  const refused = refusedTerms(command);
  if (refused !== null) return refuse(refused);
  if (isBlank(delegate.name) || !isPrintable(delegate.name)) return refuse('delegation/name-required');
  if (state.status === 'given' && !isBetween(state, command)) return refuse('delegation/unknown');
  const asked = accounts.filter((account) => !isGranted(state, account, expiresOn));
  const accountIds = [...new Set(asked.map(({ accountId }) => accountId))];
  if (accountIds.length === 0) return [];
  return [{ type: 'DelegationGranted', data: {
    delegationId, companyId: company.applicantId, delegateId: delegate.applicantId,
    cardType: delegate.cardType, delegateName: { plain: delegate.name }, accountIds,
    ...(expiresOn === null ? {} : { expiresOn }), through, grantedBy: by, grantedAt: notBefore(accounts, at),
  } }];
}

type Given = Extract<DelegationState, { status: 'given' }>;

const isBetween = (state: Given, { company, delegate }: GrantDelegation): boolean =>
  state.companyId === company.applicantId && state.delegateId === delegate.applicantId
  && state.cardType === delegate.cardType;

/** Whoever sees an approval grants after it, also by a clock that runs behind the one it was approved by. */
export const notBefore = (accounts: readonly AccountToDelegate[], at: string): string =>
  latestOf(at, ...accounts.flatMap(({ approvedAt }) => approvedAt ?? []));

/** The same until the same day. With another day, or for an approval that came since, it is granted anew. */
function isGranted(
  state: DelegationState, { accountId, approvedAt }: AccountToDelegate, expiresOn: string | null,
): boolean {
  const known = state.status === 'given' ? state.grants.get(accountId) : undefined;
  return known !== undefined && !known.isRevoked && known.expiresOn === expiresOn
    && approvedAt !== null && isForApproval(known.grantedAt, approvedAt);
}

/** One that is over may be revoked as well: nobody has to look at the calendar first. */
function revoke(command: RevokeDelegation, state: DelegationState): DelegationDecision {
  const { delegationId, companyId, by, at } = command;
  if (state.status === 'none' || state.companyId !== companyId) return refuse('delegation/unknown');
  const asked = [...new Set(command.accountIds)];
  if (asked.length === 0) return refuse('delegation/no-account');
  if (asked.some((accountId) => !state.grants.has(accountId))) return refuse('delegation/unknown-account');
  const accountIds = asked.filter((accountId) => state.grants.get(accountId)?.isRevoked === false);
  if (accountIds.length === 0) return [];
  return [{ type: 'DelegationRevoked', data: { delegationId, accountIds, revokedBy: by, revokedAt: at } }];
}
