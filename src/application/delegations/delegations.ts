import { accountDecider } from '../../domain/accounts/account.js';
import type { AccountFact } from '../../domain/accounts/account.events.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import { fold } from '../../domain/decider.js';
import type { AccountToDelegate, GrantDelegation } from '../../domain/delegations/delegation.js';
import { delegationDecider } from '../../domain/delegations/delegation.js';
import type { DelegationState } from '../../domain/delegations/delegation-state.js';
import { accountsInForce } from '../../domain/delegations/delegation-state.js';
import { cardTypes } from '../../domain/delegations/delegation.events.js';
import type { EventLog } from '../event-log.js';
import { load } from '../handle.js';
import { accountStream, applicantStream, delegationIdOf, delegationStream } from '../stream-names.js';
import { factsOf } from '../streams-together.js';

export async function companyOf(log: EventLog, applicantId: string): Promise<GrantDelegation['company']> {
  const { state } = await load(log, applicantDecider, applicantStream(applicantId));
  return { applicantId, isCompany: state.status === 'registered' && state.kind === 'company' };
}

/** As they stand in the log at this moment, in the order asked. */
export async function accountsToDelegate(
  log: EventLog, accountIds: readonly string[],
): Promise<readonly AccountToDelegate[]> {
  const facts = await factsOf<AccountFact>(log, accountIds.map(accountStream));
  return accountIds.map((accountId) => {
    const state = fold(accountDecider, facts.get(accountStream(accountId)) ?? []);
    if (state.status === 'none') return { accountId, ownerId: null, approvedAt: null };
    const approvedAt = state.status === 'approved' ? state.approvedAt : null;
    return { accountId, ownerId: state.applicantId, approvedAt };
  });
}

export async function delegationState(log: EventLog, delegationId: string): Promise<DelegationState> {
  return (await load(log, delegationDecider, delegationStream(delegationId))).state;
}

/** Whether somebody may look at anything of the company's at this instant, with whichever card. */
export async function isDelegate(
  log: EventLog, between: { readonly companyId: string; readonly delegateId: string }, at: string,
): Promise<boolean> {
  const { companyId, delegateId } = between;
  const states = await Promise.all(cardTypes.map((cardType) =>
    delegationState(log, delegationIdOf(companyId, delegateId, cardType))));
  return states.some((state) => accountsInForce(state, at).size > 0);
}
