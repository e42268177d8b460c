import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { TicketRefusal } from './mailed-tickets.js';
import { takeTicket } from './mailed-tickets.js';
import { record, stepId, stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

/** The mail alone is not enough, nor is the card: both, and from now on the card agent counts. */
export class ConfirmRegistration extends Command<Outcome<RegistrationRefusal | TicketRefusal>> {
  constructor(readonly context: CommandContext, readonly card: VerifiedCard, readonly ticket: string) {
    super();
  }
}

@CommandHandler(ConfirmRegistration)
export class ConfirmRegistrationHandler implements ICommandHandler<ConfirmRegistration> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute(
    { context, card, ticket }: ConfirmRegistration,
  ): Promise<Outcome<RegistrationRefusal | TicketRefusal>> {
    const { at } = context;
    const taken = await takeTicket(this.stores, { ticket, purpose: 'confirmation', at }, card);
    if ('refused' in taken) {
      // This ticket lives as long as the application does: say what has really come to its end.
      const code = taken.refused === 'ticket/expired' ? 'registration/deadline-passed' : taken.refused;
      return { outcome: 'refused', code };
    }
    const { registrationId } = taken;
    const outcome = await record(this.stores.log, {
      type: 'ConfirmRegistration', registrationId, agentId: stepId(context, 'agent'),
      keyId: card.agent.keyId, at,
    }, stepOf(context, 'confirm'));
    if (outcome.outcome === 'done') await this.stores.people.settled(registrationId);
    return outcome;
  }
}
