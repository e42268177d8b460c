import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import { accountWarningsFor } from '../../domain/accounts/account-warnings.js';
import type { AccountRefusal } from '../../domain/accounts/account.js';
import { accountDecider } from '../../domain/accounts/account.js';
import type { AccountWarning } from '../../domain/accounts/account.events.js';
import type { ApplicantRefusal } from '../../domain/applicants/applicant.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import { accountIdOf, accountStream, applicantStream } from '../stream-names.js';
import type { BankCodeStates } from './bank-code-states.js';
import { BANK_CODE_STATES } from './bank-code-states.js';

export interface AccountApplication {
  readonly bankCode: string;
  readonly accountNumber: string;
  readonly accountName: string;
}
/** Id and warnings follow from what was entered alone, so a repeated request is told the same. */
export type ApplicationOutcome =
  Outcome<AccountRefusal | ApplicantRefusal>
  & { readonly accountId: string; readonly warnings: readonly AccountWarning[] };

interface ApplicationIds { readonly applicantId: string; readonly accountId: string }

export class ApplyAccount extends Command<ApplicationOutcome> {
  constructor(readonly context: CommandContext, readonly application: AccountApplication) {
    super();
  }
}

@CommandHandler(ApplyAccount)
export class ApplyAccountHandler implements ICommandHandler<ApplyAccount> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(BANK_CODE_STATES) private readonly bankCodes: BankCodeStates,
  ) {}

  async execute({ context, application }: ApplyAccount): Promise<ApplicationOutcome> {
    const { applicantId } = context.principal;
    if (applicantId === undefined) {
      return { outcome: 'refused', code: 'applicant/unknown', accountId: '', warnings: [] };
    }
    const { bankCode, accountNumber } = application;
    const accountId = accountIdOf(applicantId, bankCode, accountNumber);
    const outcome = await this.refusedApplicant(applicantId)
      ?? await this.apply(context, application, { applicantId, accountId });
    return { ...outcome, accountId, warnings: accountWarningsFor(bankCode, accountNumber) };
  }

  /** Of whom nothing can be sealed any more, or whom no reviewer could compare the account's name with. */
  private async refusedApplicant(applicantId: string): Promise<Outcome<ApplicantRefusal> | null> {
    const { state } = await load(this.log, applicantDecider, applicantStream(applicantId));
    switch (state.status) {
      case 'none': return { outcome: 'refused', code: 'applicant/unknown' };
      case 'erased': return { outcome: 'refused', code: 'applicant/erased' };
      case 'registered': return null;
    }
  }

  private async apply(
    context: CommandContext, application: AccountApplication, { applicantId, accountId }: ApplicationIds,
  ): Promise<Outcome<AccountRefusal>> {
    const { principal: { id: by }, commandId: applicationId, at } = context;
    const bank = await this.bankCodes.stateOf(application.bankCode);
    return handle(this.log, accountDecider, accountStream(accountId), {
      command: { type: 'ApplyAccount', accountId, applicationId, applicantId, bank, ...application, by, at },
      meta: appendMeta(context),
    });
  }
}
