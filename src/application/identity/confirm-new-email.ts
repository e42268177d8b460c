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

type Refused = RegistrationRefusal | 'ticket/unknown' | 'ticket/expired';

/** By its owner, signed in, with the ticket that reached the new address. */
export class ConfirmNewEmail extends Command<Outcome<Refused>> {
  constructor(readonly context: CommandContext, readonly own: OwnRegistration, readonly ticket: string) {
    super();
  }
}

@CommandHandler(ConfirmNewEmail)
export class ConfirmNewEmailHandler implements ICommandHandler<ConfirmNewEmail> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, own, ticket }: ConfirmNewEmail): Promise<Outcome<Refused>> {
    const { tickets, log } = this.stores;
    const { registrationId } = own;
    const found = await tickets.find(ticket, 'new-email');
    // Somebody else's ticket is one that does not exist.
    if (found?.registrationId !== registrationId || found.changeId === null) {
      return { outcome: 'refused', code: 'ticket/unknown' };
    }
    if (context.at > found.validUntil) return { outcome: 'refused', code: 'ticket/expired' };
    if (!await tickets.use(ticket, 'new-email')) return { outcome: 'refused', code: 'ticket/unknown' };
    const { changeId } = found;
    return record(
      log, { type: 'ConfirmNewEmail', registrationId, changeId, at: context.at }, appendMeta(context));
  }
}
