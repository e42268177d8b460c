import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { deleteRegistration } from './erase-registration.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { TicketRefusal } from './mailed-tickets.js';
import { takeTicket } from './mailed-tickets.js';
import type { TryRefusal } from './password-tries.js';
import { tryPassword } from './password-tries.js';
import type { CardRegistration } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

export type DeletionProof = { readonly password: string } | { readonly ticket: string };
export type DeletionRefusal = RegistrationRefusal | TicketRefusal | TryRefusal;

/** 刪除註冊申請: with the password or, when that is forgotten, a ticket. At once, and for good. */
export class DeleteRegistration extends Command<Outcome<DeletionRefusal>> {
  constructor(readonly context: CommandContext, readonly card: VerifiedCard, readonly proof: DeletionProof) {
    super();
  }
}

type Proven = CardRegistration | Exclude<Outcome<DeletionRefusal>, { outcome: 'done' }>;

@CommandHandler(DeleteRegistration)
export class DeleteRegistrationHandler implements ICommandHandler<DeleteRegistration> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, card, proof }: DeleteRegistration): Promise<Outcome<DeletionRefusal>> {
    const proven = await this.prove(context, card, proof);
    if ('outcome' in proven) return proven;
    const { registrationId, person: { personId, applicantId } } = proven;
    return deleteRegistration(this.stores, context, { registrationId, personId, applicantId });
  }

  private async prove(context: CommandContext, card: VerifiedCard, proof: DeletionProof): Promise<Proven> {
    if ('ticket' in proof) {
      const presented = { ticket: proof.ticket, purpose: 'deletion', at: context.at } as const;
      const taken = await takeTicket(this.stores, presented, card);
      return 'refused' in taken ? { outcome: 'refused', code: taken.refused } : taken;
    }
    const { password } = proof;
    const tried = await tryPassword(this.stores, context, { card, password, purpose: 'deletion' });
    return tried.outcome === 'accepted' ? tried.registration : tried;
  }
}
