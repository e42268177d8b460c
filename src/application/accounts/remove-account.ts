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

export class RemoveAccount extends Command<Outcome<AccountRefusal>> {
  constructor(readonly context: CommandContext, readonly accountId: string) {
    super();
  }
}

@CommandHandler(RemoveAccount)
export class RemoveAccountHandler implements ICommandHandler<RemoveAccount> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute({ context, accountId }: RemoveAccount): Promise<Outcome<AccountRefusal>> {
    const { principal: { id: by, applicantId }, at } = context;
    if (applicantId === undefined) return { outcome: 'refused', code: 'account/unknown' };
    return handle(this.log, accountDecider, accountStream(accountId), {
      command: { type: 'RemoveAccount', accountId, applicantId, by, at },
      meta: appendMeta(context),
    });
  }
}
