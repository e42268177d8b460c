import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import { mailTicket } from './mailed-tickets.js';
import type { TryRefusal } from './password-tries.js';
import { tryPassword } from './password-tries.js';
import { registerFromCard } from './register-from-card.js';
import type { VerifiedCard } from './verified-card.js';

/** Who signed in, and with what. */
export interface SignedIn {
  readonly personId: string;
  readonly applicantId: string;
  readonly registrationId: string;
  readonly agentId: string;
  /** Since when the password that was shown is the right one. */
  readonly passwordSince: string;
}
export type SignInRefused = TryRefusal | ApplicantRefusal | 'sign-in/new-device';
type Result = Extract<Outcome, { outcome: 'done' }> & { readonly who: SignedIn };
export type SignInOutcome = Result | Exclude<Outcome<SignInRefused>, { outcome: 'done' }>;

/** 健保卡 and 註冊密碼, read by a card agent that was enrolled. */
export class SignIn extends Command<SignInOutcome> {
  constructor(
    readonly context: CommandContext, readonly card: VerifiedCard, readonly password: string,
    readonly purpose: 'sign-in' | 're-authentication' = 'sign-in',
  ) {
    super();
  }
}

@CommandHandler(SignIn)
export class SignInHandler implements ICommandHandler<SignIn> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute({ context, card, password, purpose }: SignIn): Promise<SignInOutcome> {
    const tried = await tryPassword(this.stores, context, { card, password, purpose });
    if (tried.outcome !== 'accepted') return tried;
    const { registration: { registrationId, person }, agentId, since: passwordSince, position } = tried;
    if (agentId === null) {
      const mailed = await mailTicket(this.stores, context, { registrationId, purpose: 'new-device' });
      return mailed.outcome === 'unknown' ? mailed : { outcome: 'refused', code: 'sign-in/new-device' };
    }
    const registered = await registerFromCard(this.stores, context, { card, person });
    if (registered.outcome !== 'done') return registered;
    const { personId, applicantId } = person;
    const who = { personId, applicantId, registrationId, agentId, passwordSince };
    return { outcome: 'done', position: registered.position ?? position, replayed: false, who };
  }
}
