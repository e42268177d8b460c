import type { Fact, Personal } from '../decider.js';
import type { CardType } from './delegation.events.js';

/** The company said which accounts and until when, and mailed somebody a ticket. */
export type DelegationOffered = Fact<'DelegationOffered', {
  readonly offerId: string;
  readonly companyId: string;
  readonly accountIds: readonly string[];
  /** The last day of the delegation to be, in Taipei. Left out: until revoked. */
  readonly expiresOn?: string;
  /** Of somebody who is nobody here yet: sealed under a key of the offer, which goes with it. */
  readonly email: Personal;
  readonly validUntil: string;
  readonly offeredBy: string;
  readonly offeredAt: string;
}>;
/** At home, signed in with a card of one's own. What is granted by it is told by the delegation itself. */
export type DelegationOfferAccepted = Fact<'DelegationOfferAccepted', {
  readonly offerId: string;
  readonly delegateId: string;
  readonly cardType: CardType;
  readonly acceptedBy: string;
  readonly acceptedAt: string;
}>;
export type DelegationOfferWithdrawn = Fact<'DelegationOfferWithdrawn', {
  readonly offerId: string; readonly withdrawnBy: string; readonly withdrawnAt: string;
}>;

export type DelegationOfferFact = DelegationOffered | DelegationOfferAccepted | DelegationOfferWithdrawn;
