import {
  constraints, keyUsage,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-certificate.js';
import type {
  RevocationListToIssue,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-revocation-list.js';
import {
  issuingPoint,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-revocation-list.js';
import { sequence } from '../../../src/infrastructure/identity/certificates/issuing/asn1.js';
import { Authorities } from '../../../src/infrastructure/identity/certificates/authorities.js';
import {
  readRevocationList,
} from '../../../src/infrastructure/identity/certificates/revocation-list.js';
import { verifyCertificate } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import {
  authorityCertificate, certificateOf, companyCard, companyLists, expectation, keys, listOf, message, moeaca,
  moica, now, revocationList, root, rootCertificate, rootLists, ubn,
} from './test-pki.js';

const second = 1000;
const card = companyCard();
const ofRoot = revocationList(root);
const withLists = (...lists: readonly Uint8Array[]) =>
  verifyCertificate(message(card), expectation({ revocationLists: lists.map(listOf) }));
const withList = (changes: Partial<RevocationListToIssue>) =>
  withLists(ofRoot, revocationList(moeaca, changes));
const signedIn = { subject: { ubn } };
const ownNumber = card.asked.serialNumber;

describe('a card', () => {
  it('named by the list is refused', () =>
    expect(withList({ revoked: ['01', ownNumber, '03'] })).toBe('certificate/revoked'));

  it('is not refused for another one’s number, nor for its own in the list of another authority', () => {
    expect(withList({ revoked: [`00${ownNumber.slice(2)}`, `${ownNumber}00`] })).toMatchObject(signedIn);
    const other = revocationList(moica, { revoked: [ownNumber] });
    expect(withLists(ofRoot, revocationList(moeaca), other)).toMatchObject(signedIn);
  });

  it('is refused with its authority', () =>
    expect(withLists(revocationList(root, { revoked: ['03'] }), revocationList(moeaca)))
      .toBe('certificate/revoked'));
});

describe('a revocation list', () => {
  it('must be there, of the card’s authority and of the authority’s root', () => {
    expect(withLists()).toBe('revocation-list/missing');
    expect(withLists(ofRoot)).toBe('revocation-list/missing');
    expect(withLists(revocationList(moeaca))).toBe('revocation-list/missing');
    expect(withLists(ofRoot, revocationList(moica))).toBe('revocation-list/missing');
  });

  it('may be empty', () => expect(withList({ revoked: [] })).toMatchObject(signedIn));

  it('holds until its next update, and not before it was made', () => {
    expect(withList({ nextUpdate: now + second })).toMatchObject(signedIn);
    expect(withList({ nextUpdate: now })).toBe('revocation-list/stale');
    expect(withList({ nextUpdate: null })).toBe('revocation-list/stale');
    expect(withList({ thisUpdate: now })).toMatchObject(signedIn);
    expect(withList({ thisUpdate: now + second })).toBe('revocation-list/stale');
  });

  it('is signed by the authority itself', () => {
    expect(withList({ issuer: { ...moeaca, key: keys.stranger } })).toBe('revocation-list/forged');
    expect(withList({ issuer: { ...moeaca, key: root.key } })).toBe('revocation-list/forged');
    expect(withList({ digest: 'sha1' })).toBe('revocation-list/forged');
  });

  it('is signed by an authority that may sign lists', () => {
    const company = authorityCertificate(moeaca, { extensions: [constraints(true), keyUsage(5)] });
    const authorities = new Authorities([rootCertificate(), company].map(certificateOf));
    expect(verifyCertificate(message(card), expectation({ authorities }))).toBe('revocation-list/forged');
  });

  it('does not hide behind a forged or an old one beside it', () => {
    const current = revocationList(moeaca, { revoked: [ownNumber] });
    const forged = revocationList(moeaca, { issuer: { ...moeaca, key: keys.stranger } });
    const old = revocationList(moeaca, { nextUpdate: now - second });
    expect(withLists(ofRoot, forged, old, current)).toBe('certificate/revoked');
  });

  it('counts by the latest: a card on hold may have been let go, or not', () => {
    const earlier = { thisUpdate: now - 2 * second };
    const later = { thisUpdate: now - second };
    const both = (first: object, then: object) =>
      withLists(ofRoot, revocationList(moeaca, { ...later, ...then }),
        revocationList(moeaca, { ...earlier, ...first }));
    expect(both({ revoked: [ownNumber] }, {})).toMatchObject(signedIn);
    expect(both({}, { revoked: [ownNumber] })).toBe('certificate/revoked');
  });
});

describe('a list in parts', () => {
  const part = (point: Parameters<typeof issuingPoint>) => withList({ extensions: [issuingPoint(...point)] });

  it('answers for the certificates that name its address', () => {
    expect(part([[companyLists]])).toMatchObject(signedIn);
    expect(part([['http://elsewhere.invalid/', companyLists]])).toMatchObject(signedIn);
    expect(part([[rootLists]])).toBe('revocation-list/missing');
  });

  it('answers for users or for authorities', () => {
    expect(part([[companyLists], [1]])).toMatchObject(signedIn);
    expect(part([[], [1]])).toMatchObject(signedIn);
    expect(part([[companyLists], [2]])).toBe('revocation-list/missing');
    const usersOfRoot = revocationList(root, { extensions: [issuingPoint([], [1])] });
    expect(withLists(usersOfRoot, revocationList(moeaca))).toBe('revocation-list/missing');
    const authoritiesOfRoot = revocationList(root, { extensions: [issuingPoint([], [2])] });
    expect(withLists(authoritiesOfRoot, revocationList(moeaca))).toMatchObject(signedIn);
  });

  it.each([['some reasons', 3], ['other issuers', 4], ['attributes', 5]] as const)(
    'of %s answers for nobody', (_, flag) =>
      expect(part([[companyLists], [flag]])).toBe('revocation-list/missing'));

  it('that only tells what changed, or is of an unknown kind, answers for nobody', () => {
    const critical = (id: string) => ({ id, critical: true, value: sequence() });
    expect(withList({ extensions: [critical('2.5.29.27')] })).toBe('revocation-list/missing');
    expect(withList({ extensions: [critical('1.2.3')] })).toBe('revocation-list/missing');
    expect(withList({ extensions: [{ ...critical('1.2.3'), critical: false }] })).toMatchObject(signedIn);
    expect(withList({ entryExtensions: [critical('2.5.29.29')] })).toBe('revocation-list/missing');
    expect(withList({ entryExtensions: [{ ...critical('2.5.29.21'), critical: false }] }))
      .toMatchObject(signedIn);
  });
});

describe('a file', () => {
  it('that is no list, or has more behind it, is none', () => {
    expect(readRevocationList(ofRoot)).not.toBeNull();
    expect(readRevocationList(Buffer.concat([ofRoot, Buffer.of(0)]))).toBeNull();
    expect(readRevocationList(card.certificate)).toBeNull();
    expect(readRevocationList(Buffer.from('-----BEGIN X509 CRL-----'))).toBeNull();
  });
});
