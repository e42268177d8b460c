import type { Fact } from '../decider.js';

/** What a program may do by a credential, and nothing else. */
export const apiScopes = ['read-payments', 'deliver-batches'] as const;
export type ApiScope = (typeof apiScopes)[number];

/** The secret is in no fact, nor is its hash: a log that is read tells nobody how to get in. */
export type ApiCredentialIssued = Fact<'ApiCredentialIssued', {
  readonly credentialId: string;
  /** A company as applicant, or an entry on the staff list: with whose right the program acts. */
  readonly holderId: string;
  readonly scope: ApiScope;
  /** Whose payments may be read; none where batches are delivered. */
  readonly accountIds: readonly string[];
  readonly expiresAt: string;
  readonly issuedBy: string;
  readonly issuedAt: string;
}>;
export type ApiCredentialRevoked = Fact<'ApiCredentialRevoked', {
  readonly credentialId: string;
  readonly holderId: string;
  readonly revokedBy: string;
  readonly revokedAt: string;
}>;

export type ApiCredentialFact = ApiCredentialIssued | ApiCredentialRevoked;
