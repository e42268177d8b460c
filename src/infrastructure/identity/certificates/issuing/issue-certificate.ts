import { hash } from 'node:crypto';
import type {
  Block, DistinguishedName, ExtensionToIssue, SignatureDigest, SigningKey,
} from './asn1.js';
import {
  bits, block, extensionList, integer, name, number, octets, oid, primitive, sequence, set,
  signatureAlgorithm, signedBy, tagged, time, utf8, yes,
} from './asn1.js';

export interface Issuer { readonly name: DistinguishedName; readonly key: SigningKey }
type PublicHalf = Pick<SigningKey, 'publicKey'>;

export interface CertificateToIssue {
  readonly issuer: Issuer;
  readonly subject: DistinguishedName;
  readonly key: PublicHalf;
  /** Hex. */
  readonly serialNumber: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly extensions: readonly ExtensionToIssue[];
  readonly digest?: SignatureDigest;
}

const version3 = 2;

export function issueCertificate(asked: CertificateToIssue): Uint8Array {
  const { issuer, subject, key, serialNumber, notBefore, notAfter, extensions, digest = 'sha256' } = asked;
  const body = sequence(
    tagged(0, number(version3)), integer(serialNumber), signatureAlgorithm(issuer.key, digest),
    name(issuer.name), sequence(time(notBefore), time(notAfter)), name(subject), block(publicKeyBytes(key)),
    tagged(3, extensionList(extensions)),
  );
  return signedBy(body, issuer.key, digest);
}

const publicKeyBytes = ({ publicKey }: PublicHalf): Buffer =>
  publicKey.export({ type: 'spki', format: 'der' });

export const constraints = (isAuthority: boolean, longestPath?: number): ExtensionToIssue => ({
  id: '2.5.29.19', critical: true,
  value: sequence(
    ...(isAuthority ? [yes()] : []), ...(longestPath === undefined ? [] : [number(longestPath)]),
  ),
});

/** Numbers of the bits: 0 for signatures, 5 for certificates, 6 for revocation lists. */
export function keyUsage(...uses: readonly number[]): ExtensionToIssue {
  const byte = uses.reduce((all, use) => all | (0x80 >> use), 0);
  return { id: '2.5.29.15', critical: true, value: bits(Uint8Array.of(byte), 7 - Math.max(...uses)) };
}

export const purposes = (...ids: readonly string[]): ExtensionToIssue =>
  ({ id: '2.5.29.37', value: sequence(...ids.map(oid)) });

export const policies = (...ids: readonly string[]): ExtensionToIssue =>
  ({ id: '2.5.29.32', value: sequence(...ids.map((id) => sequence(oid(id)))) });

export const publishedAt = (...addresses: readonly string[]): ExtensionToIssue =>
  ({ id: '2.5.29.31', value: sequence(sequence(pointName(addresses))) });

/** Of a distribution point: full names, each an address. */
export const pointName = (addresses: readonly string[]): Block =>
  tagged(0, tagged(0, ...addresses.map((address) => primitive(6, Buffer.from(address)))));

/** Each with one text, as MOICA and MOEACA write them. */
export const directoryAttributes = (values: Readonly<Record<string, string>>): ExtensionToIssue => ({
  id: '2.5.29.9',
  value: sequence(...Object.entries(values).map(([id, text]) => sequence(oid(id), set(utf8(text))))),
});

const keyIdOf = (key: PublicHalf): Buffer => hash('sha1', publicKeyBytes(key), 'buffer');

export const keyIds = (own: PublicHalf, issuers: PublicHalf): readonly ExtensionToIssue[] => [
  { id: '2.5.29.14', value: octets(keyIdOf(own)) },
  { id: '2.5.29.35', value: sequence(primitive(0, keyIdOf(issuers))) },
];
