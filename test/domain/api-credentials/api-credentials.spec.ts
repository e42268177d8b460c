import type {
  ApiCredentialIssued, ApiCredentialRevoked,
} from '../../../src/domain/api-credentials/api-credential.events.js';
import type {
  IssueApiCredential, RevokeApiCredential,
} from '../../../src/domain/api-credentials/api-credentials.js';
import {
  apiCredentialsDecider, isInForce, mostInForce,
} from '../../../src/domain/api-credentials/api-credentials.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(apiCredentialsDecider);
const at = '2026-11-22T03:04:05.678Z';
const soon = '2027-02-20T03:04:05.678Z';

const issue = (changes: Partial<IssueApiCredential> = {}): IssueApiCredential => ({
  type: 'IssueApiCredential', credentialId: 'erp', holderId: 'company', scope: 'read-payments',
  accountIds: ['first', 'second'], expiresAt: soon, by: 'lin', at, ...changes,
});
const issued = (changes: Partial<ApiCredentialIssued['data']> = {}): ApiCredentialIssued => ({
  type: 'ApiCredentialIssued',
  data: {
    credentialId: 'erp', holderId: 'company', scope: 'read-payments', accountIds: ['first', 'second'],
    expiresAt: soon, issuedBy: 'lin', issuedAt: at, ...changes,
  },
});
const revoke = (changes: Partial<RevokeApiCredential> = {}): RevokeApiCredential =>
  ({ type: 'RevokeApiCredential', credentialId: 'erp', holderId: 'company', by: 'lin', at, ...changes });
const revoked = (): ApiCredentialRevoked => ({
  type: 'ApiCredentialRevoked',
  data: { credentialId: 'erp', holderId: 'company', revokedBy: 'lin', revokedAt: at },
});
const many = (count: number, changes: Partial<ApiCredentialIssued['data']> = {}) =>
  Array.from({ length: count }, (_, i) => issued({ credentialId: `c${i}`, ...changes }));

describe('issuing an API credential', () => {
  it('is recorded with its accounts, each once', () =>
    given().when(issue({ accountIds: ['first', 'second', 'first'] })).thenFacts(issued()));

  it('says nothing when the same is issued again', () => given(issued()).when(issue()).thenNothing());

  it('needs no account for delivering batches, and takes none', () =>
    given().when(issue({ scope: 'deliver-batches' }))
      .thenFacts(issued({ scope: 'deliver-batches', accountIds: [] })));

  it('refuses to read payments of no account', () =>
    given().when(issue({ accountIds: [] })).thenRefused('api-credential/accounts-required'));

  it.each([
    ['no time', 'tomorrow'], ['now', at], ['a year and two days', '2027-11-24T03:04:05.678Z'],
  ])('refuses %s as its end', (_what, expiresAt) =>
    given().when(issue({ expiresAt })).thenRefused('api-credential/invalid-expiry'));

  it('takes a whole year, leap day included', () =>
    given().when(issue({ expiresAt: '2027-11-23T03:04:05.678Z' }))
      .thenFacts(issued({ expiresAt: '2027-11-23T03:04:05.678Z' })));

  it('refuses one more than are kept count of', () =>
    given(...many(mostInForce)).when(issue()).thenRefused('api-credential/too-many'));

  it('counts neither the expired nor the revoked', () =>
    given(...many(mostInForce - 1), issued({ credentialId: 'old', expiresAt: at }), issued(), revoked())
      .when(issue({ credentialId: 'new' })).thenFacts(issued({ credentialId: 'new' })));

  it('refuses to bring a revoked one back', () =>
    given(issued(), revoked()).when(issue()).thenRefused('api-credential/revoked'));
});

describe('revoking an API credential', () => {
  it('is recorded', () => given(issued()).when(revoke()).thenFacts(revoked()));
  it('says nothing when it is revoked already', () =>
    given(issued(), revoked()).when(revoke({ by: 'chen' })).thenNothing());
  it('refuses one that its holder does not have', () =>
    given(issued()).when(revoke({ credentialId: 'other' })).thenRefused('api-credential/unknown'));
});

it('a credential is worth nothing from the very moment of its end on', () => {
  const credential = { ...issued().data, revokedAt: null };
  expect(isInForce(credential, '2027-02-20T03:04:05.677Z')).toBe(true);
  expect(isInForce(credential, soon)).toBe(false);
  expect(isInForce({ ...credential, revokedAt: at }, at)).toBe(false);
});
