import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { AccountRefusal } from '../../domain/accounts/account.js';
import { accountDecider } from '../../domain/accounts/account.js';
import type { RejectionReason } from '../../domain/accounts/account.events.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { accountStream } from '../stream-names.js';
import { reviewerOf } from './reviewers.js';

export interface Rejection {
  readonly reason: RejectionReason;
  /** The reviewer's own words; required with 其他. */
  readonly explanation?: string;
  /** Of the application that was looked at. */
  readonly appliedAt?: string;
}

export class RejectAccount extends Command<Outcome<AccountRefusal>> {
  constructor(readonly context: CommandContext, readonly accountId: string, readonly rejection: Rejection) {
    super();
  }
}

@CommandHandler(RejectAccount)
export class RejectAccountHandler implements ICommandHandler<RejectAccount> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ context, accountId, rejection }: RejectAccount): Promise<Outcome<AccountRefusal>> {
    const reviewer = await reviewerOf(this.log, context, accountId);
    return handle(this.log, accountDecider, accountStream(accountId), {
      command: { type: 'RejectAccount', accountId, ...rejection, reviewer, at: context.at },
      meta: appendMeta(context),
    });
  }
}
