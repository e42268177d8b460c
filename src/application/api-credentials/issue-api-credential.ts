import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApiCredentialRefusal } from '../../domain/api-credentials/api-credentials.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import { instantAfter, latestOf } from '../../domain/instants.js';
import { ownApprovals } from '../accounts/readable-accounts.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { load } from '../handle.js';
import { stepId } from '../identity/registrations.js';
import { applicantStream } from '../stream-names.js';
import type { CredentialHolder } from './api-credentials.js';
import { holderIdOf, record } from './api-credentials.js';
import type { ApiTokens } from './api-tokens.js';
import { API_TOKENS } from './api-tokens.js';

export type IssueRefusal =
  | ApiCredentialRefusal | 'account/unknown' | 'api-credential/companies-only' | 'api-credential/token-shown';
interface Issued { readonly credentialId: string; readonly token: string; readonly expiresAt: string }
type Done = Extract<Outcome, { outcome: 'done' }> & Issued;
export type IssueOutcome = Done | Exclude<Outcome<IssueRefusal>, { outcome: 'done' }>;

export interface CredentialAsked {
  readonly holder: CredentialHolder;
  /** Own and approved; for reading payments. */
  readonly accountIds: readonly string[];
  readonly validDays: number;
}

const dayMs = 86_400_000;

/** For a company's own system, or for an operator's that delivers batches. The token is told once. */
export class IssueApiCredential extends Command<IssueOutcome> {
  constructor(readonly context: CommandContext, readonly asked: CredentialAsked) {
    super();
  }
}

@CommandHandler(IssueApiCredential)
export class IssueApiCredentialHandler implements ICommandHandler<IssueApiCredential> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog, @Inject(API_TOKENS) private readonly tokens: ApiTokens,
  ) {}

  async execute({ context, asked }: IssueApiCredential): Promise<IssueOutcome> {
    const { holder, accountIds, validDays } = asked;
    const approvals = holder.kind === 'company' ? await this.approvals(holder.applicantId, accountIds) : [];
    if (typeof approvals === 'string') return { outcome: 'refused', code: approvals };
    const [credentialId, holderId] = [stepId(context, 'api credential'), holderIdOf(holder)];
    const expiresAt = instantAfter(context.at, validDays * dayMs) ?? '';
    const scope = holder.kind === 'company' ? 'read-payments' : 'deliver-batches';
    const { principal: { id: by } } = context;
    // Issued for these approvals: never before them, also by a clock that runs behind.
    const at = latestOf(context.at, ...approvals);
    const outcome = await record(this.log, {
      type: 'IssueApiCredential', credentialId, holderId, scope, accountIds, expiresAt, by, at,
    }, appendMeta(context));
    if (outcome.outcome !== 'done') return outcome;
    // After the fact: a token without one opens nothing, whoever comes to know it.
    const token = await this.tokens.issue(credentialId, holderId);
    if (token === null) return { outcome: 'refused', code: 'api-credential/token-shown' };
    return { ...outcome, credentialId, token, expiresAt };
  }

  /** Since when each of the accounts is approved. */
  private async approvals(
    applicantId: string, accountIds: readonly string[],
  ): Promise<readonly string[] | IssueRefusal> {
    const { state } = await load(this.log, applicantDecider, applicantStream(applicantId));
    if (state.status !== 'registered' || state.kind !== 'company') return 'api-credential/companies-only';
    const asked = [...new Set(accountIds)];
    const own = await ownApprovals(this.log, applicantId, asked);
    return own.length < asked.length ? 'account/unknown' : own;
  }
}
