import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { PasswordRefusal } from '../../domain/identity/password-policy.js';
import { passwordPolicyVersion, passwordProblem } from '../../domain/identity/password-policy.js';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { OwnRegistration } from './own-registration.js';
import { contactOf } from './registration-contact.js';
import { record } from './registrations.js';

export type ChangeRefusal = RegistrationRefusal | PasswordRefusal | 'sign-in/busy';

/** 註冊密碼變更. Every other session of the registration ends. */
export class ChangePassword extends Command<Outcome<ChangeRefusal>> {
  constructor(
    readonly context: CommandContext, readonly own: OwnRegistration, readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(ChangePassword)
export class ChangePasswordHandler implements ICommandHandler<ChangePassword> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, own, password }: ChangePassword): Promise<Outcome<ChangeRefusal>> {
    const { registrationId, sessionId } = own;
    const contact = await contactOf(this.stores, registrationId);
    if (contact === null) return { outcome: 'refused', code: 'registration/unknown' };
    const problem = passwordProblem(password,
      { email: contact.email ?? undefined, mobile: contact.mobile ?? undefined });
    if (problem !== null) return { outcome: 'refused', code: problem };
    const isSet = await this.stores.passwords.inTurn(async (turn) => {
      await turn.set(registrationId, password);
      return true;
    });
    if (isSet === null) return { outcome: 'refused', code: 'sign-in/busy' };
    await this.stores.sessions.endAllOf(registrationId, sessionId);
    return record(this.stores.log, {
      type: 'ChangePassword', registrationId, changeId: context.commandId,
      policyVersion: passwordPolicyVersion, at: context.at,
    }, appendMeta(context));
  }
}
