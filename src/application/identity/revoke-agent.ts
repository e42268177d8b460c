import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { OwnRegistration } from './own-registration.js';
import { record } from './registrations.js';

/** A machine that is lost or given away: what was signed in from it ends at once. */
export class RevokeAgent extends Command<Outcome<RegistrationRefusal>> {
  constructor(readonly context: CommandContext, readonly own: OwnRegistration, readonly agentId: string) {
    super();
  }
}

@CommandHandler(RevokeAgent)
export class RevokeAgentHandler implements ICommandHandler<RevokeAgent> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, own, agentId }: RevokeAgent): Promise<Outcome<RegistrationRefusal>> {
    const { registrationId } = own;
    const command = { type: 'RevokeAgent', registrationId, agentId, at: context.at } as const;
    const outcome = await record(this.stores.log, command, appendMeta(context));
    if (outcome.outcome === 'done') await this.stores.sessions.endAllFrom(agentId);
    return outcome;
  }
}
