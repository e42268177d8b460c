import { generateKeyPairSync } from 'node:crypto';
import { idNumberKind } from '../../../src/domain/identifiers/id-number.js';
import type {
  ExtensionToIssue, SigningKey,
} from '../../../src/infrastructure/identity/certificates/issuing/asn1.js';
import { der, name } from '../../../src/infrastructure/identity/certificates/issuing/asn1.js';
import type {
  CertificateToIssue, Issuer,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-certificate.js';
import {
  constraints, directoryAttributes, issueCertificate, keyIds, keyUsage, policies, publishedAt,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-certificate.js';
import type {
  RevocationListToIssue,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-revocation-list.js';
import {
  issueRevocationList,
} from '../../../src/infrastructure/identity/certificates/issuing/issue-revocation-list.js';
import type {
  MessageToSign, Signatory,
} from '../../../src/infrastructure/identity/certificates/issuing/sign-message.js';
import { signMessage } from '../../../src/infrastructure/identity/certificates/issuing/sign-message.js';
import { Authorities } from '../../../src/infrastructure/identity/certificates/authorities.js';
import type { Certificate } from '../../../src/infrastructure/identity/certificates/certificate.js';
import { readCertificate } from '../../../src/infrastructure/identity/certificates/certificate.js';
import {
  signatureContent,
} from '../../../src/infrastructure/identity/certificates/signature-content.js';
import type { RevocationList } from '../../../src/infrastructure/identity/certificates/revocation-list.js';
import {
  readRevocationList,
} from '../../../src/infrastructure/identity/certificates/revocation-list.js';
import type { Expectation } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';

const day = 86_400_000;
export const now = Date.parse('2026-11-21T02:00:00.000Z');
export const attempt = {
  origin: 'https://nss.example', nonce: 'Y2FyZHMgc2lnbiB3aGF0IHRoZSBzZXJ2ZXIgYXNrcy4uLg==',
};
export const content = signatureContent(attempt);
export const idNumber = 'A123456789';
export const ubn = '04595257';
export const policy = '2.16.886.101.0.3.3';

export const rsaKey = (modulusLength = 2048, publicExponent = 65_537): SigningKey =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent });
export const ecKey = (namedCurve = 'P-256'): SigningKey => generateKeyPairSync('ec', { namedCurve });

/** Made once: a key takes half a second. */
export const keys = {
  root: rsaKey(), company: rsaKey(), person: ecKey('P-384'), card: rsaKey(), stranger: rsaKey(),
};

const inTaiwan = { type: '2.5.4.6', text: 'TW' };
const government = { type: '2.5.4.10', text: '行政院' };
const unit = (text: string) => ({ type: '2.5.4.11', text });

export const root: Issuer = {
  name: [inTaiwan, government, unit('測試政府憑證總管理中心')], key: keys.root,
};
export const moeaca: Issuer = { name: [inTaiwan, government, unit('工商憑證管理中心')], key: keys.company };
export const moica: Issuer = { name: [inTaiwan, government, unit('內政部憑證管理中心')], key: keys.person };

const years = (count: number): Pick<CertificateToIssue, 'notBefore' | 'notAfter'> =>
  ({ notBefore: now - 365 * day, notAfter: now + count * 365 * day });

export const rootLists = 'http://root.invalid/list.crl';
export const companyLists = 'http://company.invalid/part-1.crl';
export const personLists = 'http://person.invalid/part-1.crl';

export const rootCertificate = (changes: Partial<CertificateToIssue> = {}): Uint8Array => issueCertificate({
  issuer: root, subject: root.name, key: keys.root, serialNumber: '01', ...years(20),
  extensions: [constraints(true), keyUsage(5, 6), ...keyIds(keys.root, keys.root)], ...changes,
});

export const authorityCertificate = (
  { name, key }: Issuer, changes: Partial<CertificateToIssue> = {},
): Uint8Array => issueCertificate({
  issuer: root, subject: name, key, serialNumber: name === moica.name ? '02' : '03', ...years(10),
  extensions: [
    constraints(true, 0), keyUsage(5, 6), policies(policy), publishedAt(rootLists), ...keyIds(key, keys.root),
  ], ...changes,
});

export interface CardChanges extends Partial<CertificateToIssue> {
  readonly usage?: ExtensionToIssue;
  readonly policy?: ExtensionToIssue;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly more?: readonly ExtensionToIssue[];
}

/** A card: what was certified, and the key that signs. */
export interface Card extends Signatory { readonly asked: CertificateToIssue }

function card(issuer: Issuer, lists: string, changes: CardChanges): Card {
  const { usage = keyUsage(0), policy: under = policies(policy), attributes = {}, more = [] } = changes;
  const asked: CertificateToIssue = {
    issuer, subject: [inTaiwan], key: keys.card, serialNumber: 'c0ffee0123456789', ...years(4),
    extensions: [
      usage, under, publishedAt(lists), directoryAttributes(attributes), ...more,
      ...keyIds(changes.key ?? keys.card, (changes.issuer ?? issuer).key),
    ], ...changes,
  };
  const named = { issuer: der(name(asked.issuer.name)), serialNumber: asked.serialNumber };
  return { asked, named, certificate: issueCertificate(asked), key: asked.key as SigningKey };
}

/** 工商憑證: the number in the name too, as real ones have it. */
export const companyCard = (changes: CardChanges = {}): Card => card(moeaca, companyLists, {
  subject: [inTaiwan, { type: '2.5.4.10', text: '測試股份有限公司' }, { type: '2.5.4.5', text: ubn }],
  attributes: { '2.16.886.1.100.2.2': 'primary', '2.16.886.1.100.2.101': ubn }, ...changes,
});

/** 自然人憑證: of the ID number only its end. */
export const personCard = (changes: CardChanges = {}): Card => card(moica, personLists, {
  subject: [inTaiwan, { type: '2.5.4.3', text: '測試王小明' }, { type: '2.5.4.5', text: '0000000112345678' }],
  attributes: { '2.16.886.1.100.2.51': idNumber.slice(-4) }, ...changes,
});

export const revocationList = (issuer: Issuer, changes: Partial<RevocationListToIssue> = {}): Uint8Array =>
  issueRevocationList({
    issuer, thisUpdate: now - day, nextUpdate: now + day, revoked: ['0a', 'ff01'], ...changes,
  });

export const message = (signer: Signatory, changes: Partial<MessageToSign> = {}): Uint8Array =>
  signMessage({ content, signers: [signer], ...changes });

export const certificateOf = (bytes: Uint8Array): Certificate => readCertificate(bytes) as Certificate;
export const listOf = (bytes: Uint8Array): RevocationList => readRevocationList(bytes) as RevocationList;

export const pinned = [rootCertificate(), authorityCertificate(moeaca), authorityCertificate(moica)];
export const lists = [root, moeaca, moica].map((issuer) => revocationList(issuer));

export const expectation = (changes: Partial<Expectation> = {}): Expectation => ({
  content, idNumber, now, authorities: new Authorities(pinned.map(certificateOf)),
  revocationLists: lists.map(listOf), policies: [policy], ...changes,
});

/** Valid ID numbers of different people that all end as the one on the cards does. */
export const sameEnding: readonly string[] = Array.from({ length: 200 }, (_, middle) =>
  `B1${String(middle).padStart(4, '0')}${idNumber.slice(-4)}`).filter((text) => idNumberKind(text) !== null);
