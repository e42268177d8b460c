import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { CredentialHolder } from '../../../application/api-credentials/api-credentials.js';
import { FindApiCredentials } from '../../../application/api-credentials/find-api-credentials.js';
import type { CredentialAsked } from '../../../application/api-credentials/issue-api-credential.js';
import { IssueApiCredential } from '../../../application/api-credentials/issue-api-credential.js';
import { RevokeApiCredential } from '../../../application/api-credentials/revoke-api-credential.js';
import type { CommandContext } from '../../../application/command-context.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, doneOf, settled } from '../command-gateway.js';
import type { CredentialIssued, CredentialsAnswer } from './api-credentials.schemas.js';

/** What both kinds of credentials have in common: listed, issued, revoked by their holder alone. */
@Injectable()
export class CredentialDesk {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
  ) {}

  async list(holder: CredentialHolder): Promise<CredentialsAnswer> {
    const found = await this.queries.execute(new FindApiCredentials(holder));
    const credentials = found.map(({ holderId: _holder, scope: _scope, accountIds, ...told }) =>
      ({ ...told, accountIds: [...accountIds] }));
    return { credentials };
  }

  async issue(context: CommandContext, asked: CredentialAsked): Promise<CredentialIssued> {
    const outcome = await this.gateway.send(new IssueApiCredential(context, asked));
    const { credentialId, token, expiresAt, position } = doneOf(outcome);
    return { credentialId, token, expiresAt, position };
  }

  async revoke(context: CommandContext, holder: CredentialHolder, credentialId: string): Promise<Done> {
    return settled(await this.gateway.send(new RevokeApiCredential(context, holder, credentialId)));
  }
}
