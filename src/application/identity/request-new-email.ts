import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { mailTicket } from './mailed-tickets.js';
import type { OwnRegistration } from './own-registration.js';
import { record, stepOf } from './registrations.js';

/** 帳號資料異動: a new address counts once a ticket mailed to it has come back. */
export class RequestNewEmail extends Command<Outcome<RegistrationRefusal>> {
  constructor(readonly context: CommandContext, readonly own: OwnRegistration, readonly email: string) {
    super();
  }
}

@CommandHandler(RequestNewEmail)
export class RequestNewEmailHandler implements ICommandHandler<RequestNewEmail> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, own, email }: RequestNewEmail): Promise<Outcome<RegistrationRefusal>> {
    const { registrationId } = own;
    const { commandId: changeId, at } = context;
    const requested = await record(
      this.stores.log, { type: 'RequestNewEmail', registrationId, changeId, email, at },
      stepOf(context, 'request'));
    if (requested.outcome !== 'done') return requested;
    return mailTicket(this.stores, context, { registrationId, purpose: 'new-email', to: email, changeId });
  }
}
