import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { instantAfter } from '../instants.js';
import { taipeiDate } from '../roc-date.js';
import type { AccountToDelegate, DelegationRefusal, GrantDelegation } from './delegation.js';
import { notBefore, refusedTerms } from './delegation.js';
import { isForApproval } from './delegation-state.js';
import type { DelegationOfferFact } from './delegation-offer.events.js';
import type { CardType } from './delegation.events.js';

/** As long as one waits for the confirmation of a registration. */
export const acceptWithinMs = 5 * 86_400_000;
/** Mails leave in the treasury's name: a company invites the people who keep its books, not a town. */
export const offersADay = 20;

/** One stream per company, so that its offers of a day can be counted. */
export interface OfferDelegation extends Pick<GrantDelegation, 'company' | 'accounts' | 'expiresOn'> {
  readonly type: 'OfferDelegation';
  readonly offerId: string;
  readonly email: string;
  readonly by: string;
  readonly at: string;
}
export interface AcceptOffer {
  readonly type: 'AcceptOffer';
  readonly offerId: string;
  readonly delegateId: string;
  readonly cardType: CardType;
  readonly by: string;
  readonly at: string;
}
export interface WithdrawOffer {
  readonly type: 'WithdrawOffer'; readonly offerId: string; readonly by: string; readonly at: string;
}
export type DelegationOfferCommand = OfferDelegation | AcceptOffer | WithdrawOffer;

export const delegationOfferRefusals = [
  'delegation-offer/unknown', 'delegation-offer/expired', 'delegation-offer/closed',
  'delegation-offer/too-many', 'delegation-offer/invalid-time',
] as const;
export type DelegationOfferRefusal = (typeof delegationOfferRefusals)[number];

export interface Offer {
  readonly status: 'open' | 'accepted' | 'withdrawn';
  readonly accountIds: readonly string[];
  readonly expiresOn: string | null;
  readonly validUntil: string;
  readonly offeredBy: string;
  readonly offeredAt: string;
  readonly delegateId: string | null;
}
export interface DelegationOffersState { readonly offers: ReadonlyMap<string, Offer> }

export function evolve({ offers }: DelegationOffersState, fact: DelegationOfferFact): DelegationOffersState {
  const { offerId } = fact.data;
  const known = offers.get(offerId);
  const changed = (offer: Offer | undefined) =>
    ({ offers: offer ? new Map([...offers, [offerId, offer]]) : offers });
  switch (fact.type) {
    case 'DelegationOffered': {
      const { accountIds, expiresOn = null, validUntil, offeredBy, offeredAt } = fact.data;
      const terms = { accountIds, expiresOn, validUntil, offeredBy, offeredAt };
      return changed({ status: 'open', ...terms, delegateId: null });
    }
    case 'DelegationOfferAccepted':
      return changed(known && { ...known, status: 'accepted', delegateId: fact.data.delegateId });
    case 'DelegationOfferWithdrawn': return changed(known && { ...known, status: 'withdrawn' });
  }
}

/** An account that was given up since, and approved again, is not the one that was offered. */
export const asOffered = (
  accounts: readonly AccountToDelegate[], { offeredAt }: Pick<Offer, 'offeredAt'>,
): readonly AccountToDelegate[] => accounts.map((account) => {
  const { approvedAt } = account;
  const isTheSame = approvedAt !== null && isForApproval(offeredAt, approvedAt);
  return { ...account, approvedAt: isTheSame ? approvedAt : null };
});

type Refused = DelegationOfferRefusal | DelegationRefusal;
type OfferDecision = Decision<DelegationOfferFact, Refused>;

export function decide(command: DelegationOfferCommand, state: DelegationOffersState): OfferDecision {
  switch (command.type) {
    case 'OfferDelegation': return offer(command, state);
    case 'AcceptOffer': return accept(command, state.offers.get(command.offerId));
    case 'WithdrawOffer': return withdraw(command, state.offers.get(command.offerId));
  }
}

export const delegationOfferDecider:
  Decider<DelegationOfferCommand, DelegationOffersState, DelegationOfferFact, Refused> =
  { initial: { offers: new Map() }, evolve, decide };

function offer(command: OfferDelegation, { offers }: DelegationOffersState): OfferDecision {
  const { offerId, company, accounts, expiresOn, email, by, at } = command;
  if (offers.has(offerId)) return [];
  const refused = refusedTerms(command);
  if (refused !== null) return refuse(refused);
  const offeredAt = notBefore(accounts, at);
  const validUntil = instantAfter(offeredAt, acceptWithinMs);
  if (validUntil === null) return refuse('delegation-offer/invalid-time');
  const today = taipeiDate(offeredAt);
  const ofToday = [...offers.values()].filter((known) => taipeiDate(known.offeredAt) === today);
  if (ofToday.length >= offersADay) return refuse('delegation-offer/too-many');
  const accountIds = [...new Set(accounts.map(({ accountId }) => accountId))];
  return [{ type: 'DelegationOffered', data: {
    offerId, companyId: company.applicantId, accountIds, ...(expiresOn === null ? {} : { expiresOn }),
    email: { plain: email }, validUntil, offeredBy: by, offeredAt,
  } }];
}

function accept(command: AcceptOffer, known: Offer | undefined): OfferDecision {
  const { offerId, delegateId, cardType, by, at } = command;
  if (!known) return refuse('delegation-offer/unknown');
  if (known.delegateId === delegateId) return [];
  if (known.status !== 'open') return refuse('delegation-offer/closed');
  if (at > known.validUntil) return refuse('delegation-offer/expired');
  return [{ type: 'DelegationOfferAccepted', data: {
    offerId, delegateId, cardType, acceptedBy: by, acceptedAt: at,
  } }];
}

function withdraw({ offerId, by, at }: WithdrawOffer, known: Offer | undefined): OfferDecision {
  if (!known) return refuse('delegation-offer/unknown');
  if (known.status === 'withdrawn') return [];
  if (known.status === 'accepted') return refuse('delegation-offer/closed');
  return [{ type: 'DelegationOfferWithdrawn', data: { offerId, withdrawnBy: by, withdrawnAt: at } }];
}
