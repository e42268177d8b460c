import { taipeiDate } from '../roc-date.js';
import type { CardType, DelegationFact } from './delegation.events.js';

export interface Grant {
  readonly grantedAt: string;
  /** ISO date; null until revoked. */
  readonly expiresOn: string | null;
  readonly isRevoked: boolean;
}
export type DelegationState =
  | { readonly status: 'none' }
  | {
    readonly status: 'given';
    readonly companyId: string;
    readonly delegateId: string;
    readonly cardType: CardType;
    /** By account. */
    readonly grants: ReadonlyMap<string, Grant>;
  };

export function evolve(state: DelegationState, fact: DelegationFact): DelegationState {
  switch (fact.type) {
    case 'DelegationGranted': {
      const { companyId, delegateId, cardType, accountIds, expiresOn = null, grantedAt } = fact.data;
      const grants = new Map(state.status === 'given' ? state.grants : []);
      for (const accountId of accountIds) grants.set(accountId, { grantedAt, expiresOn, isRevoked: false });
      return { status: 'given', companyId, delegateId, cardType, grants };
    }
    case 'DelegationRevoked': {
      if (state.status === 'none') return state;
      const grants = new Map(state.grants);
      for (const accountId of fact.data.accountIds) {
        const grant = grants.get(accountId);
        if (grant) grants.set(accountId, { ...grant, isRevoked: true });
      }
      return { ...state, grants };
    }
  }
}

/** Expiry is a rule of reading: nothing has to happen at midnight for a delegation to be over. */
export const isOver = (expiresOn: string | null, at: string): boolean =>
  expiresOn !== null && expiresOn < taipeiDate(at);

/**
 * Giving an account up ends what was granted, offered or issued for it: one that is applied for and approved
 * again later is looked at by nobody until it is granted again.
 */
export const isForApproval = (since: string, approvedAt: string): boolean => since >= approvedAt;

/** The accounts that the delegate may read at this instant, as far as the delegation goes. */
export function accountsInForce(state: DelegationState, at: string): ReadonlyMap<string, Grant> {
  if (state.status === 'none') return new Map();
  return new Map([...state.grants].filter(([, { isRevoked, expiresOn }]) =>
    !isRevoked && !isOver(expiresOn, at)));
}
