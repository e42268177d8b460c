import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { DelegationRefusal } from '../../domain/delegations/delegation.js';
import type { DelegationOfferRefusal } from '../../domain/delegations/delegation-offer.js';
import { delegationOfferDecider } from '../../domain/delegations/delegation-offer.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import type { IdentityStores } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import { stepId } from '../identity/registrations.js';
import { delegationOffersStream } from '../stream-names.js';
import { accountsToDelegate, companyOf } from './delegations.js';
import type { Terms } from './grant-delegation.js';

export type OfferRefusal = DelegationOfferRefusal | DelegationRefusal;
interface OfferMade { readonly offerId: string; readonly validUntil: string }
type Offered = Extract<Outcome, { outcome: 'done' }> & OfferMade;
export type OfferOutcome = Offered | Exclude<Outcome<OfferRefusal>, { outcome: 'done' }>;

/** For who cannot come by: accounts and last day are said now, who it is shows when the ticket comes back. */
export class OfferDelegation extends Command<OfferOutcome> {
  constructor(readonly context: CommandContext, readonly email: string, readonly terms: Terms) {
    super();
  }
}

@CommandHandler(OfferDelegation)
export class OfferDelegationHandler implements ICommandHandler<OfferDelegation> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, email, terms }: OfferDelegation): Promise<OfferOutcome> {
    const { principal: { id: by, applicantId: companyId }, at } = context;
    const { log, tickets, mails } = this.stores;
    if (companyId === undefined) return { outcome: 'refused', code: 'delegation/company-only' };
    const offerId = stepId(context, 'offer');
    const company = await companyOf(log, companyId);
    const accounts = await accountsToDelegate(log, terms.accountIds);
    const outcome = await handle(log, delegationOfferDecider, delegationOffersStream(companyId), {
      command: {
        type: 'OfferDelegation', offerId, company, accounts, expiresOn: terms.expiresOn, email, by, at,
      },
      meta: appendMeta(context),
    });
    if (outcome.outcome !== 'done') return outcome;
    const { state } = await load(log, delegationOfferDecider, delegationOffersStream(companyId));
    const { validUntil = at, status } = state.offers.get(offerId) ?? {};
    if (status === 'open') {
      const purpose = 'delegation-offer';
      const ticket =
        await tickets.issue({ registrationId: offerId, purpose, validUntil, changeId: companyId });
      if (ticket !== null) mails.post({ to: email, purpose, ticket, validUntil });
    }
    return { ...outcome, offerId, validUntil };
  }
}
