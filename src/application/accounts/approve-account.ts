import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { AccountRefusal } from '../../domain/accounts/account.js';
import { accountDecider } from '../../domain/accounts/account.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { accountStream } from '../stream-names.js';
import { reviewerOf } from './reviewers.js';

export class ApproveAccount extends Command<Outcome<AccountRefusal>> {
  /** `appliedAt`: of the application that was looked at. */
  constructor(readonly context: CommandContext, readonly accountId: string, readonly appliedAt?: string) {
    super();
  }
}

@CommandHandler(ApproveAccount)
export class ApproveAccountHandler implements ICommandHandler<ApproveAccount> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ context, accountId, appliedAt }: ApproveAccount): Promise<Outcome<AccountRefusal>> {
    const reviewer = await reviewerOf(this.log, context, accountId);
    return handle(this.log, accountDecider, accountStream(accountId), {
      command: { type: 'ApproveAccount', accountId, appliedAt, reviewer, at: context.at },
      meta: appendMeta(context),
    });
  }
}
