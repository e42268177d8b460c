import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { DelegationRefusal } from '../../domain/delegations/delegation.js';
import { delegationDecider, refusedTerms } from '../../domain/delegations/delegation.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { nameOfApplicant } from '../identity/applicant-name.js';
import type { IdentityStores } from '../identity/identity-stores.js';
import { IDENTITY_STORES } from '../identity/identity-stores.js';
import { delegationIdOf, delegationStream } from '../stream-names.js';
import type { DelegateVerifications } from './delegate-verifications.js';
import { DELEGATE_VERIFICATIONS } from './delegate-verifications.js';
import { accountsToDelegate, companyOf } from './delegations.js';

/** Which accounts, and the last day; null until revoked. */
export interface Terms { readonly accountIds: readonly string[]; readonly expiresOn: string | null }

export interface DelegationAsked {
  /** The company's own. */
  readonly sessionId: string;
  readonly verificationId: string;
  readonly terms: Terms;
}
export type GrantRefusal = DelegationRefusal | 'delegation/no-verification';
type Granted = Extract<Outcome, { outcome: 'done' }> & { readonly delegationId: string };
export type GrantOutcome = Granted | Exclude<Outcome<GrantRefusal>, { outcome: 'done' }>;

const refused = <Code extends GrantRefusal>(code: Code) => ({ outcome: 'refused', code } as const);

/** NSS106E 設定: to whom was verified a moment ago in the same session. */
export class GrantDelegation extends Command<GrantOutcome> {
  constructor(readonly context: CommandContext, readonly asked: DelegationAsked) {
    super();
  }
}

@CommandHandler(GrantDelegation)
export class GrantDelegationHandler implements ICommandHandler<GrantDelegation> {
  constructor(
    @Inject(IDENTITY_STORES) private readonly stores: IdentityStores,
    @Inject(DELEGATE_VERIFICATIONS) private readonly verifications: DelegateVerifications,
  ) {}

  async execute({ context, asked }: GrantDelegation): Promise<GrantOutcome> {
    const { principal: { id: by, applicantId: companyId }, commandId, at } = context;
    const { sessionId, verificationId, terms: { accountIds, expiresOn } } = asked;
    const { log } = this.stores;
    if (companyId === undefined) return refused('delegation/company-only');
    const presented = { verificationId, sessionId, companyId, commandId, at };
    const verified = await this.verifications.find(presented);
    if (verified === null) return refused('delegation/no-verification');
    const terms = {
      company: await companyOf(log, companyId), accounts: await accountsToDelegate(log, accountIds),
      expiresOn, at,
    };
    // A slip in the form does not send the delegate back to the card reader.
    const slip = refusedTerms(terms);
    if (slip !== null) return refused(slip);
    const { delegateId: applicantId, cardType } = verified;
    const name = await nameOfApplicant(this.stores, applicantId);
    if (name === null || await this.verifications.use(presented) === null) {
      return refused('delegation/no-verification');
    }
    const delegationId = delegationIdOf(companyId, applicantId, cardType);
    const outcome = await handle(log, delegationDecider, delegationStream(delegationId), {
      command: {
        type: 'GrantDelegation', delegationId, ...terms, delegate: { applicantId, name, cardType },
        through: 'verification', by,
      },
      meta: appendMeta(context),
    });
    return outcome.outcome === 'done' ? { ...outcome, delegationId } : outcome;
  }
}
