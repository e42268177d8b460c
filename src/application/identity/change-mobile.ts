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

export class ChangeMobile extends Command<Outcome<RegistrationRefusal>> {
  constructor(readonly context: CommandContext, readonly own: OwnRegistration, readonly mobile: string) {
    super();
  }
}

@CommandHandler(ChangeMobile)
export class ChangeMobileHandler implements ICommandHandler<ChangeMobile> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  execute({ context, own, mobile }: ChangeMobile): Promise<Outcome<RegistrationRefusal>> {
    const { registrationId } = own;
    const { commandId: changeId, at } = context;
    return record(
      this.stores.log, { type: 'ChangeMobile', registrationId, changeId, mobile, at }, appendMeta(context));
  }
}
