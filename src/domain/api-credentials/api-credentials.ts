import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { millisecondsOf } from '../instants.js';
import type { ApiCredentialFact, ApiCredentialIssued, ApiScope } from './api-credential.events.js';

export interface IssueApiCredential {
  readonly type: 'IssueApiCredential';
  readonly credentialId: string;
  readonly holderId: string;
  readonly scope: ApiScope;
  readonly accountIds: readonly string[];
  readonly expiresAt: string;
  readonly by: string;
  readonly at: string;
}
export interface RevokeApiCredential {
  readonly type: 'RevokeApiCredential';
  readonly credentialId: string;
  readonly holderId: string;
  readonly by: string;
  readonly at: string;
}
export type ApiCredentialCommand = IssueApiCredential | RevokeApiCredential;

export const apiCredentialRefusals = [
  'api-credential/unknown', 'api-credential/revoked', 'api-credential/invalid-expiry',
  'api-credential/accounts-required', 'api-credential/too-many',
] as const;
export type ApiCredentialRefusal = (typeof apiCredentialRefusals)[number];
type ApiCredentialDecision = Decision<ApiCredentialFact, ApiCredentialRefusal>;

export interface ApiCredential extends Omit<ApiCredentialIssued['data'], 'issuedBy'> {
  readonly revokedAt: string | null;
}
/** All credentials of one holder, by id. */
export interface ApiCredentialsState { readonly credentials: ReadonlyMap<string, ApiCredential> }

/** A forgotten credential ends by itself; whoever renews it every year has looked at it every year. */
export const longestDays = 366;
/** One per system and one to change over; more of them nobody keeps count of. */
export const mostInForce = 10;
const dayMs = 86_400_000;

export function evolve({ credentials }: ApiCredentialsState, fact: ApiCredentialFact): ApiCredentialsState {
  switch (fact.type) {
    case 'ApiCredentialIssued': {
      const { issuedBy: _, ...issued } = fact.data;
      const credential = { ...issued, revokedAt: null };
      return { credentials: new Map([...credentials, [issued.credentialId, credential]]) };
    }
    case 'ApiCredentialRevoked': {
      const { credentialId, revokedAt } = fact.data;
      const credential = credentials.get(credentialId);
      if (!credential) return { credentials };
      return { credentials: new Map([...credentials, [credentialId, { ...credential, revokedAt }]]) };
    }
  }
}

/** From the very moment of its expiry on it is worth nothing. */
export const isInForce = ({ revokedAt, expiresAt }: ApiCredential, at: string): boolean =>
  revokedAt === null && at < expiresAt;

export function decide(command: ApiCredentialCommand, state: ApiCredentialsState): ApiCredentialDecision {
  switch (command.type) {
    case 'IssueApiCredential': return issue(command, state);
    case 'RevokeApiCredential': return revoke(command, state);
  }
}

export const apiCredentialsDecider:
Decider<ApiCredentialCommand, ApiCredentialsState, ApiCredentialFact, ApiCredentialRefusal> =
  { initial: { credentials: new Map() }, evolve, decide };

function issue(command: IssueApiCredential, { credentials }: ApiCredentialsState): ApiCredentialDecision {
  const { credentialId, holderId, scope, expiresAt, by: issuedBy, at: issuedAt } = command;
  const known = credentials.get(credentialId);
  if (known) return known.revokedAt === null ? [] : refuse('api-credential/revoked');
  if (!isExpiry(expiresAt, issuedAt)) return refuse('api-credential/invalid-expiry');
  const accountIds = scope === 'read-payments' ? [...new Set(command.accountIds)] : [];
  if (scope === 'read-payments' && accountIds.length === 0) return refuse('api-credential/accounts-required');
  const inForce = [...credentials.values()].filter((credential) => isInForce(credential, issuedAt));
  if (inForce.length >= mostInForce) return refuse('api-credential/too-many');
  const data = { credentialId, holderId, scope, accountIds, expiresAt, issuedBy, issuedAt };
  return [{ type: 'ApiCredentialIssued', data }];
}

function isExpiry(expiresAt: string, issuedAt: string): boolean {
  const [until, from] = [millisecondsOf(expiresAt), millisecondsOf(issuedAt)];
  return until !== null && from !== null && until > from && until - from <= longestDays * dayMs;
}

/** Also one that expired by itself: whoever is asked whether it was revoked can say when. */
function revoke(
  { credentialId, holderId, by: revokedBy, at: revokedAt }: RevokeApiCredential,
  { credentials }: ApiCredentialsState,
): ApiCredentialDecision {
  const credential = credentials.get(credentialId);
  if (!credential) return refuse('api-credential/unknown');
  if (credential.revokedAt !== null) return [];
  return [{ type: 'ApiCredentialRevoked', data: { credentialId, holderId, revokedBy, revokedAt } }];
}
