import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { ApiCredential } from '../../domain/api-credentials/api-credentials.js';
import type { EventLog } from '../event-log.js';
import { EVENT_LOG } from '../event-log.js';
import type { CredentialHolder } from './api-credentials.js';
import { credentialsOf, holderIdOf } from './api-credentials.js';
import type { ApiTokens } from './api-tokens.js';
import { API_TOKENS } from './api-tokens.js';

export interface ListedCredential extends ApiCredential { readonly lastUsedAt: string | null }

/** Every credential a holder ever had, the latest first. */
export class FindApiCredentials extends Query<readonly ListedCredential[]> {
  constructor(readonly holder: CredentialHolder) {
    super();
  }
}

@QueryHandler(FindApiCredentials)
export class FindApiCredentialsHandler implements IQueryHandler<FindApiCredentials> {
  constructor(
    @Inject(EVENT_LOG) private readonly log: EventLog, @Inject(API_TOKENS) private readonly tokens: ApiTokens,
  ) {}

  async execute({ holder }: FindApiCredentials): Promise<readonly ListedCredential[]> {
    const holderId = holderIdOf(holder);
    const [credentials, lastUsed] = await Promise.all([
      credentialsOf(this.log, holderId), this.tokens.lastUsed(holderId),
    ]);
    return [...credentials].reverse().map((credential) =>
      ({ ...credential, lastUsedAt: lastUsed.get(credential.credentialId) ?? null }));
  }
}
