import { credentialInForce } from '../../application/api-credentials/api-credentials.js';
import type { Principal, Role } from '../../application/command-context.js';
import type { EventLog } from '../../application/event-log.js';
import { load } from '../../application/handle.js';
import { applicantStream } from '../../application/stream-names.js';
import type { ApiCredential } from '../../domain/api-credentials/api-credentials.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { ApiTokenTable } from '../api-credentials/api-token-table.js';
import { readApiToken } from '../api-credentials/api-token.js';
import type { Authenticator } from './authenticator.js';
import { Problem } from './problem.js';

/**
 * What one credential may ask of one process: 20 at once, then 5 a second. A system that fetches a day's rows
 * by pages of 500 stays far below; a loop that went wrong must not take the turns of people.
 */
const burst = 20;
const perSecond = 5;
/** Each holds a few dozen bytes; more credentials in use at once than this there are not. */
const mostPaces = 10_000;

interface Pace { readonly left: number; readonly at: number }

export interface ApiCallersParts {
  readonly log: EventLog;
  readonly tokens: ApiTokenTable;
  /** Those an entry on the staff list gives now. */
  readonly staffRoles: (memberId: string) => Promise<readonly Role[]>;
  readonly now: () => number;
}

/** Programs, by the token that a company or an operator was shown once. */
export class ApiCallers implements Authenticator {
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly parts: ApiCallersParts) {}

  /** Nothing is remembered between requests: what was revoked opens nothing from then on. */
  async authenticate(text: string): Promise<Principal | null> {
    const token = readApiToken(text);
    if (token === null) return null;
    const { log, tokens, now } = this.parts;
    const holderId = await tokens.holderOf(token);
    if (holderId === null) return null;
    const at = new Date(now()).toISOString();
    const credential = await credentialInForce(log, holderId, token.credentialId, at);
    const principal = credential && await this.principalOf(credential);
    if (principal === null) return null;
    this.keepPace(principal.id);
    await tokens.used(principal.id);
    return principal;
  }

  /** A program has the right of its holder, and loses it with the holder. */
  private async principalOf({
    credentialId: id, holderId, scope, accountIds, issuedAt: since,
  }: ApiCredential): Promise<Principal | null> {
    switch (scope) {
      case 'read-payments': {
        const { state } = await load(this.parts.log, applicantDecider, applicantStream(holderId));
        if (state.status !== 'registered') return null;
        const onlyAccounts = { accountIds, since };
        return { id, roles: ['company-system'], applicantId: holderId, onlyAccounts };
      }
      case 'deliver-batches': {
        const roles = await this.parts.staffRoles(holderId);
        return roles.includes('operator') ? { id, roles: ['delivery-system'] } : null;
      }
    }
  }

  private keepPace(credentialId: string): void {
    const at = this.parts.now();
    const pace = this.paces.get(credentialId) ?? { left: burst, at };
    const left = Math.min(burst, pace.left + (at - pace.at) / 1_000 * perSecond);
    if (left < 1) throw new Problem('api-credential/too-fast', { headers: { 'retry-after': '1' } });
    if (this.paces.size >= mostPaces) this.paces.clear();
    this.paces.set(credentialId, { left: left - 1, at });
  }
}
