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

/** A card agent on another machine: the right password brought the mail, its ticket enrols the agent. */
export class EnrolAgent extends Command<Outcome<RegistrationRefusal | TicketRefusal>> {
  constructor(readonly context: CommandContext, readonly card: VerifiedCard, readonly ticket: string) {
    super();
  }
}

@CommandHandler(EnrolAgent)
export class EnrolAgentHandler implements ICommandHandler<EnrolAgent> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute(
    { context, card, ticket }: EnrolAgent,
  ): Promise<Outcome<RegistrationRefusal | TicketRefusal>> {
    const { at } = context;
    const taken = await takeTicket(this.stores, { ticket, purpose: 'new-device', at }, card);
    if ('refused' in taken) return { outcome: 'refused', code: taken.refused };
    return record(this.stores.log, {
      type: 'EnrolAgent', registrationId: taken.registrationId, agentId: stepId(context, 'agent'),
      keyId: card.agent.keyId, through: 'new-device', at,
    }, stepOf(context, 'enrol'));
  }
}
