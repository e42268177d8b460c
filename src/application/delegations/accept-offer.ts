import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { DelegationRefusal } from '../../domain/delegations/delegation.js';
import { delegationDecider, refusedTerms } from '../../domain/delegations/delegation.js';
import type { DelegationOfferRefusal, Offer } from '../../domain/delegations/delegation-offer.js';
import { asOffered, delegationOfferDecider } from '../../domain/delegations/delegation-offer.js';
import type { CardType } from '../../domain/delegations/delegation.events.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import { nameOfApplicant } from '../identity/applicant-name.js';
import type { IdentityStores } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import { stepOf } from '../identity/registrations.js';
import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import {
  applicantStream, delegationIdOf, delegationOffersStream, delegationStream,
} from '../stream-names.js';
import { accountsToDelegate, companyOf } from './delegations.js';

export type AcceptRefusal =
  DelegationOfferRefusal | DelegationRefusal | 'ticket/unknown' | 'ticket/expired' | 'delegation/person-only';
type Accepted = Extract<Outcome, { outcome: 'done' }> & { readonly delegationId: string };
export type AcceptOutcome = Accepted | Exclude<Outcome<AcceptRefusal>, { outcome: 'done' }>;
/** An offer grants once, whoever shows the ticket when: what was revoked since stays revoked. */
const grantOnce = (offerId: string) =>
  ({ commandId: nameBasedUuid(namespaceOf(offerId), 'grant'), fingerprint: 'offer' });
const refused = <Code extends AcceptRefusal>(code: Code) => ({ outcome: 'refused', code } as const);

/** By a person signed in at home, with the ticket that was mailed to them and a card of their own. */
export class AcceptOffer extends Command<AcceptOutcome> {
  constructor(readonly context: CommandContext, readonly ticket: string) {
    super();
  }
}

interface Accepting {
  readonly context: CommandContext;
  readonly offerId: string;
  readonly companyId: string;
  readonly offer: Offer;
  readonly delegate: { readonly applicantId: string; readonly name: string; readonly cardType: CardType };
}

@CommandHandler(AcceptOffer)
export class AcceptOfferHandler implements ICommandHandler<AcceptOffer> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, ticket }: AcceptOffer): Promise<AcceptOutcome> {
    const { principal: { applicantId, card: cardType }, at } = context;
    const { log, tickets, keys } = this.stores;
    const name = applicantId === undefined ? null : await this.nameOfPerson(applicantId);
    if (applicantId === undefined || name === null || cardType === undefined) {
      return refused('delegation/person-only');
    }
    const found = await tickets.find(ticket, 'delegation-offer');
    if (!found?.changeId) return refused('ticket/unknown');
    if (at > found.validUntil) return refused('ticket/expired');
    const { registrationId: offerId, changeId: companyId } = found;
    const { state } = await load(log, delegationOfferDecider, delegationOffersStream(companyId));
    const offer = state.offers.get(offerId);
    if (!offer) return refused('delegation-offer/unknown');
    const delegate = { applicantId, name, cardType };
    const outcome = await this.accept({ context, offerId, companyId, offer, delegate });
    // Last, so that whatever is cut off in between is finished by showing the ticket again.
    if (outcome.outcome === 'done') {
      await tickets.use(ticket, 'delegation-offer');
      await keys.destroy(offerId);
    }
    return outcome;
  }

  /** Two streams, one after the other: that the offer is taken comes first, so that nobody else takes it. */
  private async accept(
    { context, offerId, companyId, offer, delegate }: Accepting,
  ): Promise<AcceptOutcome> {
    const { log } = this.stores;
    const { principal: { id: by }, at } = context;
    const terms = {
      company: await companyOf(log, companyId),
      accounts: asOffered(await accountsToDelegate(log, offer.accountIds), offer),
      expiresOn: offer.expiresOn, at,
    };
    const slip = refusedTerms(terms);
    if (slip !== null) return refused(slip);
    const { applicantId: delegateId, cardType } = delegate;
    const accepted = await handle(log, delegationOfferDecider, delegationOffersStream(companyId), {
      command: { type: 'AcceptOffer', offerId, delegateId, cardType, by, at },
      meta: stepOf(context, 'accept'),
    });
    if (accepted.outcome !== 'done') return accepted;
    const delegationId = delegationIdOf(companyId, delegateId, cardType);
    const granted = await handle(log, delegationDecider, delegationStream(delegationId), {
      command: {
        type: 'GrantDelegation', delegationId, ...terms, delegate, through: 'invitation',
        by: offer.offeredBy,
      },
      meta: { ...stepOf(context, 'grant'), ...grantOnce(offerId) },
    });
    return granted.outcome === 'done' ? { ...granted, delegationId } : granted;
  }

  private async nameOfPerson(applicantId: string): Promise<string | null> {
    const { state } = await load(this.stores.log, applicantDecider, applicantStream(applicantId));
    const isPerson = state.status === 'registered' && state.kind === 'person';
    return isPerson ? nameOfApplicant(this.stores, applicantId) : null;
  }
}
