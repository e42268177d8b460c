import { Inject } from '@nestjs/common';
import type { ICommandHandler } from '@nestjs/cqrs';
import { Command, CommandHandler } from '@nestjs/cqrs';
import type { ApiCredentialRefusal } from '../../domain/api-credentials/api-credentials.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { Outcome } from '../handle.js';
import type { CredentialHolder } from './api-credentials.js';
import { holderIdOf, record } from './api-credentials.js';

/** One's own only: a holder's credentials are one stream, and a stranger's is not in it. */
export class RevokeApiCredential extends Command<Outcome<ApiCredentialRefusal>> {
  constructor(
    readonly context: CommandContext, readonly holder: CredentialHolder, readonly credentialId: string,
  ) {
    super();
  }
}

@CommandHandler(RevokeApiCredential)
export class RevokeApiCredentialHandler implements ICommandHandler<RevokeApiCredential> {
  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  execute({ context, holder, credentialId }: RevokeApiCredential): Promise<Outcome<ApiCredentialRefusal>> {
    const { at, principal: { id: by } } = context;
    const holderId = holderIdOf(holder);
    return record(
      this.log, { type: 'RevokeApiCredential', credentialId, holderId, by, at }, appendMeta(context));
  }
}
