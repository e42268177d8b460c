import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { DelegationRefusal } from '../../domain/delegations/delegation.js';
import { delegationDecider } from '../../domain/delegations/delegation.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { delegationStream } from '../stream-names.js';

/** NSS107E 取消授權: whatever the delegate asks from the answer on, these accounts are not in it. */
export class RevokeDelegation extends Command<Outcome<DelegationRefusal>> {
  constructor(
    readonly context: CommandContext, readonly delegationId: string, readonly accountIds: readonly string[],
  ) {
    super();
  }
}

@CommandHandler(RevokeDelegation)
export class RevokeDelegationHandler implements ICommandHandler<RevokeDelegation> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async execute(
    { context, delegationId, accountIds }: RevokeDelegation,
  ): Promise<Outcome<DelegationRefusal>> {
    const { principal: { id: by, applicantId: companyId }, at } = context;
    if (companyId === undefined) return { outcome: 'refused', code: 'delegation/unknown' };
    return handle(this.log, delegationDecider, delegationStream(delegationId), {
      command: { type: 'RevokeDelegation', delegationId, companyId, accountIds, by, at },
      meta: appendMeta(context),
    });
  }
}
