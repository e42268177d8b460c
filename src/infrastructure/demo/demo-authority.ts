import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Expected } from '../identity/card-attestation.js';
import { readCertificate } from '../identity/certificates/certificate.js';
import type { TrustOptions } from '../identity/certificates/certificate-verifier.js';
import type {
  DistinguishedName, ExtensionToIssue, SigningKey,
} from '../identity/certificates/issuing/asn1.js';
import type { Issuer } from '../identity/certificates/issuing/issue-certificate.js';
import {
  constraints, directoryAttributes, issueCertificate, keyIds, keyUsage, policies,
} from '../identity/certificates/issuing/issue-certificate.js';
import { issueRevocationList } from '../identity/certificates/issuing/issue-revocation-list.js';
import { signMessage } from '../identity/certificates/issuing/sign-message.js';
import { derOf, pemOf } from '../identity/certificates/pem.js';
import { signatureContent } from '../identity/certificates/signature-content.js';

/** Whom the demo's certificate cards name. */
export interface DemoCard {
  /** Of its files. */
  readonly file: string;
  readonly kind: 'company' | 'person';
  readonly idNumber: string;
  readonly name: string;
}

const policy = '2.16.886.101.0.3.3';
const dayMs = 86_400_000;
/** Longer than any demo runs; lists are made anew at every start. */
const validMs = { certificate: 3_650 * dayMs, list: 90 * dayMs };

const units = { root: '示範憑證總管理中心', company: '工商憑證管理中心', person: '內政部憑證管理中心' } as const;
type Authority = keyof typeof units;

const nameOf = (type: '2.5.4.3' | '2.5.4.10' | '2.5.4.11', text: string): DistinguishedName =>
  [{ type: '2.5.4.6', text: 'TW' }, { type: '2.5.4.10', text: '示範' }, { type, text }];

/**
 * Root, authorities and cards of a demo, whose keys lie beside it in files: worth nothing, and never believed
 * unless the demo itself pins them.
 */
export function openDemoAuthority(
  directory: string, cards: readonly DemoCard[], now: number,
): TrustOptions {
  if (process.env.NODE_ENV === 'production') throw new Error('no demo authority in production');
  mkdirSync(join(directory, 'cards'), { recursive: true, mode: 0o700 });
  const issuers = { root: issuer('root'), company: issuer('company'), person: issuer('person') };
  function issuer(authority: Authority): Issuer {
    return { name: nameOf('2.5.4.11', units[authority]), key: keyIn(join(directory, `${authority}.key`)) };
  }
  const roots = join(directory, 'authorities.pem');
  if (!existsSync(roots)) writeFileSync(roots, authorityPems(issuers, now));
  for (const card of cards) issueCard(join(directory, 'cards', card.file), card, issuers[card.kind], now);
  const revocationLists = join(directory, 'lists.pem');
  const lists = Object.values(issuers).map((one) => issueRevocationList(
    { issuer: one, thisUpdate: now - dayMs, nextUpdate: now + validMs.list, revoked: [] }));
  writeFileSync(revocationLists, lists.map((list) => pemOf(list, 'X509 CRL')).join(''));
  return { roots, revocationLists, policies: [policy] };
}

function authorityPems(issuers: Readonly<Record<Authority, Issuer>>, now: number): string {
  return Object.values(issuers).map(({ name, key }) => pemOf(certify(issuers.root, {
    subject: name, key, now, extensions: [constraints(true), keyUsage(5, 6), policies(policy)],
  }), 'CERTIFICATE')).join('');
}

interface Certified {
  readonly subject: DistinguishedName;
  readonly key: SigningKey;
  readonly now: number;
  readonly extensions: readonly ExtensionToIssue[];
}

/** From the day before: clocks differ. */
const certify = (
  issuer: Issuer, { subject, key, now, extensions }: Certified,
): Uint8Array => issueCertificate({
  issuer, subject, key, serialNumber: `4${randomBytes(8).toString('hex').slice(1)}`,
  notBefore: now - dayMs, notAfter: now + validMs.certificate,
  extensions: [...extensions, ...keyIds(key, issuer.key)],
});

function issueCard(file: string, { kind, idNumber, name }: DemoCard, issuer: Issuer, now: number): void {
  if (existsSync(`${file}.pem`)) return;
  const subject = kind === 'company' ? [{ type: '2.5.4.10', text: name }] : nameOf('2.5.4.3', name);
  const attributes: Readonly<Record<string, string>> = kind === 'company'
    ? { '2.16.886.1.100.2.101': idNumber } : { '2.16.886.1.100.2.51': idNumber.slice(-4) };
  const extensions = [keyUsage(0), policies(policy), directoryAttributes(attributes)];
  const certificate = certify(issuer, { subject, key: keyIn(`${file}.key`), now, extensions });
  writeFileSync(`${file}.pem`, pemOf(certificate, 'CERTIFICATE'));
}

/** The key of that file, made at first. */
function keyIn(file: string): SigningKey {
  if (!existsSync(file)) {
    const made = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    writeFileSync(file, made.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  }
  const privateKey = createPrivateKey(readFileSync(file));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

export const demoCardFile = (directory: string, card: string): string =>
  join(directory, 'cards', `${card}.pem`);

export const demoCardNames = (directory: string): readonly string[] =>
  readdirSync(join(directory, 'cards')).filter((file) => file.endsWith('.pem'))
    .map((file) => file.slice(0, -'.pem'.length));

/** As a card in a reader would, after its PIN, asked by a page of this origin. */
export function signWithDemoCard(directory: string, card: string, asked: Expected): Uint8Array {
  const file = join(directory, 'cards', card);
  const [certificate] = derOf(readFileSync(`${file}.pem`), 'CERTIFICATE') ?? [];
  const named = certificate && readCertificate(certificate);
  if (!named) throw new Error(`${file}.pem holds no certificate`);
  const signer = { named, certificate, key: keyIn(`${file}.key`) };
  return signMessage({ content: signatureContent(asked), signers: [signer] });
}
