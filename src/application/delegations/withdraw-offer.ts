import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { delegationOfferDecider } from '../../domain/delegations/delegation-offer.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import type { IdentityStores } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import { delegationOffersStream } from '../stream-names.js';
import type { OfferRefusal } from './offer-delegation.js';

/** The ticket opens nothing from now on, and the address is forgotten. */
export class WithdrawOffer extends Command<Outcome<OfferRefusal>> {
  constructor(readonly context: CommandContext, readonly offerId: string) {
    super();
  }
}

@CommandHandler(WithdrawOffer)
export class WithdrawOfferHandler implements ICommandHandler<WithdrawOffer> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, offerId }: WithdrawOffer): Promise<Outcome<OfferRefusal>> {
    const { principal: { id: by, applicantId: companyId }, at } = context;
    const { log, tickets, keys } = this.stores;
    if (companyId === undefined) return { outcome: 'refused', code: 'delegation-offer/unknown' };
    const outcome = await handle(log, delegationOfferDecider, delegationOffersStream(companyId), {
      command: { type: 'WithdrawOffer', offerId, by, at }, meta: appendMeta(context),
    });
    if (outcome.outcome !== 'done') return outcome;
    await tickets.removeAll(offerId);
    await keys.destroy(offerId);
    return outcome;
  }
}
