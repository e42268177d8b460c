import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import { fold } from '../../domain/decider.js';
import type { Offer } from '../../domain/delegations/delegation-offer.js';
import { delegationOfferDecider } from '../../domain/delegations/delegation-offer.js';
import type { DelegationOfferFact } from '../../domain/delegations/delegation-offer.events.js';
import type { StoredFact } from '../event-log.js';
import type { IdentityStores } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import type { SealedField } from '../personal-keys.js';
import { delegationOffersStream } from '../stream-names.js';
import { factsOf } from '../streams-together.js';

export interface OfferView extends Offer {
  readonly offerId: string;
  /** Forgotten once the offer is accepted or withdrawn, or its days are over. */
  readonly email: SealedField;
}

/** A company's latest offers, from its own stream: what was just withdrawn is shown so. */
export class FindOffers extends Query<readonly OfferView[]> {
  constructor(readonly asked: { readonly companyId: string; readonly limit: number }) { super(); }
}

@QueryHandler(FindOffers)
export class FindOffersHandler implements IQueryHandler<FindOffers> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ asked: { companyId, limit } }: FindOffers): Promise<readonly OfferView[]> {
    const stream = delegationOffersStream(companyId);
    const facts = (await factsOf<DelegationOfferFact>(this.stores.log, [stream])).get(stream) ?? [];
    const { offers } = fold(delegationOfferDecider, facts);
    return facts.flatMap((fact) => {
      const offer = offers.get(fact.data.offerId);
      const email = emailIn(fact);
      return offer && email ? [{ offerId: fact.data.offerId, ...offer, email }] : [];
    }).reverse().slice(0, limit);
  }
}

function emailIn(fact: StoredFact<DelegationOfferFact>): SealedField | null {
  if (fact.type !== 'DelegationOffered') return null;
  const { email } = fact.data;
  if ('plain' in email) throw new Error('a personal field came out of the log in clear');
  return { token: email.sealed, at: { stream: fact.stream, eventId: fact.id, field: 'email' } };
}
