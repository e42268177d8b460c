import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { MailPurpose } from '../../domain/identity/registration.events.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { mailTicket } from './mailed-tickets.js';
import { registrationOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

/** 重寄確認信, 忘記註冊密碼, 刪除註冊申請 without the password. */
export type AskedTicket = Extract<MailPurpose, 'confirmation' | 'password-reset' | 'deletion'>;

/**
 * Whatever becomes of it, the answer is the same: if the card is registered, a mail is on its way. To whom is
 * told nobody.
 */
export class AskForTicket extends Command<Outcome<never>> {
  constructor(readonly context: CommandContext, readonly card: VerifiedCard, readonly purpose: AskedTicket) {
    super();
  }
}

@CommandHandler(AskForTicket)
export class AskForTicketHandler implements ICommandHandler<AskForTicket> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, card, purpose }: AskForTicket): Promise<Outcome<never>> {
    const registration = await registrationOf(this.stores, card);
    if (registration !== null) {
      const { registrationId, state } = registration;
      const validUntil = state.status === 'applied' ? state.deadline : undefined;
      await mailTicket(this.stores, context, { registrationId, purpose, validUntil });
    }
    return { outcome: 'done', position: null, replayed: false };
  }
}
