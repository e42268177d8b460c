import type { AccountFact, RejectionReason } from './account.events.js';

/** The latest application. */
export interface Applied {
  readonly applicantId: string;
  readonly appliedBy: string;
  readonly appliedAt: string;
  /** Ids of all applications so far: one delivered again is recognised however late. */
  readonly applications: readonly string[];
}
export interface Rejection {
  readonly reason: RejectionReason;
  readonly isExplained: boolean;
  readonly by: string;
  readonly at: string;
}
export type AccountState =
  | { readonly status: 'none' }
  | ({ readonly status: 'rejected'; readonly rejection: Rejection } & Applied)
  | ({ readonly status: 'approved'; readonly approvedAt: string } & Applied)
  | ({ readonly status: 'pending' | 'withdrawn' | 'removed' } & Applied);

export function evolve(state: AccountState, fact: AccountFact): AccountState {
  if (fact.type === 'AccountApplied') {
    const { applicationId, applicantId, appliedBy, appliedAt } = fact.data;
    const applications = [...(state.status === 'none' ? [] : state.applications), applicationId];
    return { status: 'pending', applicantId, appliedBy, appliedAt, applications };
  }
  if (state.status === 'none') return state;
  const { applicantId, appliedBy, appliedAt, applications } = state;
  const applied = { applicantId, appliedBy, appliedAt, applications };
  switch (fact.type) {
    case 'AccountApproved': return { status: 'approved', approvedAt: fact.data.approvedAt, ...applied };
    case 'AccountRejected': {
      const { reason, explanation, rejectedBy: by, rejectedAt: at } = fact.data;
      const rejection = { reason, isExplained: explanation !== undefined, by, at };
      return { status: 'rejected', rejection, ...applied };
    }
    case 'ApplicationWithdrawn': return { status: 'withdrawn', ...applied };
    case 'AccountRemoved': return { status: 'removed', ...applied };
  }
}
