import { Authorities } from '../../../src/infrastructure/identity/certificates/authorities.js';
import { oid, sequence, set } from '../../../src/infrastructure/identity/certificates/issuing/asn1.js';
import {
  constraints, keyIds, keyUsage, policies, purposes,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-certificate.js';
import {
  signatureContent,
} from '../../../src/infrastructure/identity/certificates/signature-content.js';
import { maxMessageBytes } from '../../../src/infrastructure/identity/certificates/signed-message.js';
import type { Expectation } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import { verifyCertificate } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import type { Card } from './test-pki.js';
import {
  attempt, authorityCertificate, certificateOf, companyCard, ecKey, expectation, idNumber, keys, message,
  moeaca, moica, now, personCard, pinned, policy, root, rootCertificate, rsaKey, ubn,
} from './test-pki.js';

const verified = (bytes: Uint8Array, changes: Partial<Expectation> = {}) =>
  verifyCertificate(bytes, expectation(changes));
const verifiedCard = (card: Card, changes: Partial<Expectation> = {}) => verified(message(card), changes);
const pinning = (...certificates: readonly Uint8Array[]) =>
  ({ authorities: new Authorities(certificates.map(certificateOf)) });
const card = companyCard();

describe('a certificate card', () => {
  it('of a company says its 統一編號 and name', () =>
    expect(verifiedCard(card)).toEqual({
      issuer: Buffer.from(certificateOf(card.certificate).issuer).toString('base64'),
      serialNumber: 'c0ffee0123456789',
      subject: { kind: 'company', ubn, name: '測試股份有限公司', cardRank: 'primary' },
    }));

  it('of a person says the name, and confirms the end of the ID number that was typed', () =>
    expect(verifiedCard(personCard())).toMatchObject({
      subject: { kind: 'person', idNumber, name: '測試王小明' },
    }));

  it('may sign the content itself, or attributes that hold its digest, and send it along or not', () => {
    for (const hasAttributes of [true, false]) {
      for (const isDetached of [true, false]) {
        expect(verified(message(card, { hasAttributes, isDetached }))).toMatchObject({ subject: { ubn } });
      }
    }
  });

  it.each(['sha384', 'sha512'] as const)('may use %s', (digest) =>
    expect(verified(message(companyCard({ digest }), { digest }))).toMatchObject({ subject: { ubn } }));

  it('may hold an elliptic key', () =>
    expect(verifiedCard(companyCard({ key: ecKey() }))).toMatchObject({ subject: { ubn } }));

  it('may bring the pinned authorities along', () =>
    expect(verified(message(card, { certificates: [card.certificate, ...pinned] }))).toMatchObject({
      subject: { ubn },
    }));
});

describe('a message', () => {
  const unexpected = 'message/unexpected-part';

  it('larger than any we asked for is not looked into', () =>
    expect(verified(Buffer.alloc(maxMessageBytes + 1, 0x30))).toBe('message/too-large'));

  it('must be DER to the byte', () => {
    const der = Buffer.from(message(card));
    for (const bytes of [Buffer.of(), der.subarray(1), der.subarray(0, -1), Buffer.from('sign me')]) {
      expect(verified(bytes)).toBe('message/malformed');
    }
    // The same length in a longer form, and an end that is only marked.
    const indefinite = Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)]);
    expect(verified(Buffer.concat([Buffer.of(0x30, 0x83, 0), der.subarray(2)]))).toBe('message/malformed');
    expect(verified(indefinite)).toBe('message/malformed');
  });

  it('may have nothing behind it', () =>
    expect(verified(Buffer.concat([message(card), Buffer.of(0)]))).toBe('message/trailing-bytes'));

  it('must be signed data', () => {
    // 1.2.840.113549.1.7.2 → .7.3, enveloped data.
    const der = Buffer.from(message(card));
    der[der.indexOf(Buffer.from('2a864886f70d010702', 'hex')) + 8] = 3;
    expect(verified(der)).toBe('message/not-signed-data');
  });

  it('has one signer', () => {
    expect(verified(message(card, { signers: [card, personCard()] }))).toBe('message/not-one-signer');
    expect(verified(message(card, { signers: [card, card] }))).toBe('message/not-one-signer');
    expect(verified(message(card, { signers: [] }))).toBe('message/not-one-signer');
  });

  it('has no revocation lists or unsigned attributes', () => {
    const unsigned = sequence(oid('1.2.3'), set());
    expect(verified(message(card, { more: { lists: sequence() } }))).toBe(unexpected);
    expect(verified(message(card, { more: { unsigned } }))).toBe(unexpected);
  });

  it('is not believed with SHA-1', () =>
    expect(verified(message(card, { digest: 'sha1' }))).toBe('message/algorithm-not-allowed'));

  it('holds the signer’s certificate', () => {
    expect(verified(message(card, { certificates: [] }))).toBe('message/no-signer-certificate');
    expect(verified(message(card, { certificates: pinned }))).toBe('message/no-signer-certificate');
    expect(verified(message(card, { certificates: [companyCard({ serialNumber: '05' }).certificate] })))
      .toBe('message/no-signer-certificate');
  });

  it('holds no certificate besides that is not pinned', () =>
    expect(verified(message(card, { certificates: [card.certificate, personCard().certificate] })))
      .toBe('message/unexpected-certificate'));

  it.each([
    ['another nonce', signatureContent({ ...attempt, nonce: attempt.nonce.toLowerCase() })],
    ['another origin', signatureContent({ ...attempt, origin: 'https://evil.example' })],
    ['the text of the nonce alone', Buffer.from(attempt.nonce)],
  ])('is over nothing but this origin and this nonce: not over %s', (_, other) => {
    expect(verified(message(card, { content: other }))).toBe('message/wrong-content');
    expect(verified(message(card, { content: other, hasAttributes: false }))).toBe('message/wrong-content');
    expect(verified(message(card, { content: other, isDetached: true }))).toBe('message/wrong-signature');
  });

  it('is signed with the certificate’s key', () => {
    expect(verified(message({ ...card, key: keys.stranger }))).toBe('message/wrong-signature');
    expect(verified(message({ ...card, key: ecKey() }))).toBe('message/wrong-signature');
  });

  it.each([
    ['of 1024 bits', () => rsaKey(1024)], ['with the exponent 3', () => rsaKey(2048, 3)],
    ['on a curve of 224 bits', () => ecKey('secp224r1')],
  ])('is not believed with a key %s', (_, key) =>
    expect(verifiedCard(companyCard({ key: key() }))).toBe('message/weak-key'));
});

describe('a chain', () => {
  const unknown = 'certificate/unknown-authority';

  it('ends at a pinned root, over pinned authorities', () => {
    const [rootDer, company, person] = pinned as [Uint8Array, Uint8Array, Uint8Array];
    expect(verifiedCard(card, pinning(rootDer, person))).toBe(unknown);
    expect(verifiedCard(card, pinning(company, person))).toBe(unknown);
    expect(verifiedCard(card, pinning())).toBe(unknown);
  });

  it('is of signatures, not of names', () => {
    const forger = { ...moeaca, key: keys.stranger };
    expect(verifiedCard(companyCard({ issuer: forger }))).toBe(unknown);
    const [, company] = pinned as [Uint8Array, Uint8Array];
    const otherRoot = rootCertificate({ issuer: { ...root, key: keys.stranger }, key: keys.stranger });
    expect(verifiedCard(card, pinning(otherRoot, company))).toBe(unknown);
  });

  it('is of names too', () =>
    expect(verifiedCard(companyCard({ issuer: { ...moeaca, name: moica.name } }))).toBe(unknown));

  it('goes over authorities that may issue', () => {
    const ids = keyIds(moeaca.key, root.key);
    for (const extensions of [
      [keyUsage(5, 6), ...ids], [constraints(false), keyUsage(5, 6), ...ids],
      [constraints(true), keyUsage(0, 6), ...ids],
      [constraints(true), keyUsage(5, 6), { id: '1.2.3', critical: true, value: sequence() }, ...ids],
    ]) {
      const company = authorityCertificate(moeaca, { extensions });
      expect(verifiedCard(card, pinning(rootCertificate(), company))).toBe(unknown);
    }
  });

  it('is no longer than its authorities allow', () => {
    const below = { ...moeaca, key: keys.stranger, name: [{ type: '2.5.4.11', text: '工商憑證管理中心 2' }] };
    const deeper = companyCard({ issuer: below });
    const second = (longestPath: number) => pinning(
      rootCertificate(),
      authorityCertificate(moeaca, { extensions: [constraints(true, longestPath), keyUsage(5, 6)] }),
      authorityCertificate(below, { issuer: moeaca, extensions: [constraints(true), keyUsage(5, 6)] }),
    );
    expect(verifiedCard(deeper, second(0))).toBe(unknown);
    expect(verifiedCard(deeper, second(1))).toBe('revocation-list/missing');
  });

  it.each([['SHA-1', { digest: 'sha1' as const }]])('is not believed with %s', (_, changes) => {
    expect(verifiedCard(companyCard(changes))).toBe(unknown);
    const company = authorityCertificate(moeaca, changes);
    expect(verifiedCard(card, pinning(rootCertificate(), company))).toBe(unknown);
  });

  it('is not believed with an authority’s key of 1024 bits', () => {
    const weak = { ...moeaca, key: rsaKey(1024) };
    const pins = pinning(rootCertificate(), authorityCertificate(weak));
    expect(verifiedCard(companyCard({ issuer: weak }), pins)).toBe(unknown);
  });

  it('takes the authorities that are in force, where keys were rolled over', () => {
    const old = authorityCertificate(moeaca, { serialNumber: '09', notAfter: now - 1000 });
    expect(verifiedCard(card, pinning(rootCertificate(), old, authorityCertificate(moeaca))))
      .toMatchObject({ subject: { ubn } });
  });

  it('survives authorities that certify each other', () => {
    const around = authorityCertificate(moeaca, { issuer: moica });
    const back = authorityCertificate(moica, { issuer: moeaca });
    expect(verifiedCard(card, pinning(around, back))).toBe(unknown);
  });
});

describe('the time', () => {
  const second = 1000;

  it('is within the validity, both ends included', () => {
    expect(verifiedCard(companyCard({ notBefore: now, notAfter: now }))).toMatchObject({ subject: { ubn } });
    expect(verifiedCard(companyCard({ notBefore: now + second }))).toBe('certificate/not-yet-valid');
    expect(verifiedCard(companyCard({ notAfter: now - second }))).toBe('certificate/expired');
  });

  it('is within the validity of every authority', () => {
    const expired = { notAfter: now - second };
    const problem = 'certificate/authority-not-in-force';
    const company = authorityCertificate(moeaca);
    const old = authorityCertificate(moeaca, expired);
    expect(verifiedCard(card, pinning(rootCertificate(), old))).toBe(problem);
    expect(verifiedCard(card, pinning(rootCertificate(expired), company))).toBe(problem);
  });
});

describe('the use', () => {
  it.each([
    ['for decryption', { usage: keyUsage(2, 3) }],
    ['for nothing said', { usage: policies(policy), policy: purposes('1.3.6.1.5.5.7.3.2') }],
    ['for servers', { more: [purposes('1.3.6.1.5.5.7.3.1')] }],
    ['of an authority', { more: [constraints(true)] }],
  ])('of a certificate %s is not to sign in', (_, changes) =>
    expect(verifiedCard(companyCard(changes))).toBe('certificate/not-for-signatures'));

  it('may be said to be that of people, or any', () => {
    for (const id of ['1.3.6.1.5.5.7.3.2', '2.5.29.37.0']) {
      expect(verifiedCard(companyCard({ more: [purposes(id)] }))).toMatchObject({ subject: { ubn } });
    }
  });

  it('is not with an extension that must be understood, and is not', () => {
    const more = (critical: boolean) => ({ more: [{ id: '1.2.3', critical, value: sequence() }] });
    expect(verifiedCard(companyCard(more(true)))).toBe('certificate/unknown-critical-extension');
    expect(verifiedCard(companyCard(more(false)))).toMatchObject({ subject: { ubn } });
  });

  it('is under the policy asked for, by name', () => {
    const under = (...ids: readonly string[]) => verifiedCard(companyCard({ policy: policies(...ids) }));
    expect(under('2.16.886.101.0.3.1')).toBe('certificate/wrong-policy');
    // "Any policy" is none.
    expect(under('2.5.29.32.0')).toBe('certificate/wrong-policy');
    expect(under('1.2.3', policy)).toMatchObject({ subject: { ubn } });
  });
});
