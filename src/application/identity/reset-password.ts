import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { PasswordRefusal } from '../../domain/identity/password-policy.js';
import { passwordPolicyVersion, passwordProblem } from '../../domain/identity/password-policy.js';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { TicketRefusal } from './mailed-tickets.js';
import { findTicket } from './mailed-tickets.js';
import { contactOf } from './registration-contact.js';
import { record, stepId, stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

export type ResetRefusal = RegistrationRefusal | TicketRefusal | PasswordRefusal | 'sign-in/busy';

/** 忘記註冊密碼: ticket and card. Whoever was signed in with the old password no longer is. */
export class ResetPassword extends Command<Outcome<ResetRefusal>> {
  constructor(
    readonly context: CommandContext, readonly card: VerifiedCard, readonly ticket: string,
    readonly password: string,
  ) {
    super();
  }
}

@CommandHandler(ResetPassword)
export class ResetPasswordHandler implements ICommandHandler<ResetPassword> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, card, ticket, password }: ResetPassword): Promise<Outcome<ResetRefusal>> {
    const { at } = context;
    const problem = passwordProblem(password, card);
    if (problem !== null) return { outcome: 'refused', code: problem };
    const found = await findTicket(this.stores, { ticket, purpose: 'password-reset', at }, card);
    if ('refused' in found) return { outcome: 'refused', code: found.refused };
    const { registrationId } = found;
    const contact = await contactOf(this.stores, registrationId);
    const isContact = passwordProblem(password,
      { email: contact?.email ?? undefined, mobile: contact?.mobile ?? undefined });
    if (isContact !== null) return { outcome: 'refused', code: isContact };
    // Used up only now: neither another password nor another turn asks for another mail.
    const isSet = await this.stores.passwords.inTurn(async (turn) => {
      const isTaken = await this.stores.tickets.use(ticket, 'password-reset');
      if (isTaken) await turn.set(registrationId, password);
      return isTaken;
    });
    if (isSet === null) return { outcome: 'refused', code: 'sign-in/busy' };
    if (!isSet) return { outcome: 'refused', code: 'ticket/unknown' };
    await this.stores.sessions.endAllOf(registrationId);
    const enrolled = await record(this.stores.log, {
      type: 'EnrolAgent', registrationId, agentId: stepId(context, 'agent'), keyId: card.agent.keyId,
      through: 'password-reset', at,
    }, stepOf(context, 'enrol'));
    if (enrolled.outcome !== 'done') return enrolled;
    return record(this.stores.log, {
      type: 'ResetPassword', registrationId, changeId: context.commandId,
      policyVersion: passwordPolicyVersion, at,
    }, stepOf(context, 'reset'));
  }
}
