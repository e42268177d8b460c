import * as asn1js from 'asn1js';
import type { KeyObject } from 'node:crypto';
import { sign } from 'node:crypto';

/** By asn1js, which shares nothing with what reads and verifies: neither covers up the other's mistakes. */
export type Block = asn1js.AsnType;

export interface Attribute { readonly type: string; readonly text: string }
export type DistinguishedName = readonly Attribute[];

export interface SigningKey { readonly publicKey: KeyObject; readonly privateKey: KeyObject }
export type SignatureDigest = 'sha1' | 'sha256' | 'sha384' | 'sha512';

export const der = (block: { toBER(): ArrayBuffer }): Uint8Array => new Uint8Array(block.toBER());

export const sequence = (...value: readonly Block[]): Block => new asn1js.Sequence({ value: [...value] });
export const set = (...value: readonly Block[]): Block => new asn1js.Set({ value: [...value] });
export const oid = (value: string): Block => new asn1js.ObjectIdentifier({ value });
export const utf8 = (value: string): Block => new asn1js.Utf8String({ value });
export const number = (value: number): Block => new asn1js.Integer({ value });
export const yes = (): Block => new asn1js.Boolean({ value: true });
export const octets = (bytes: Uint8Array): Block => new asn1js.OctetString({ valueHex: bufferOf(bytes) });
export const bits = (bytes: Uint8Array, unusedBits = 0): Block =>
  new asn1js.BitString({ valueHex: bufferOf(bytes), unusedBits });

/** `[n]` around, or instead of the tag. */
export const tagged = (tagNumber: number, ...value: readonly Block[]): Block =>
  new asn1js.Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [...value] });
export const primitive = (tagNumber: number, bytes: Uint8Array): Block =>
  new asn1js.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: bufferOf(bytes) });

const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer;

/** What is encoded already. */
export const block = (bytes: Uint8Array): Block => asn1js.fromBER(bufferOf(bytes)).result;

/** The sign's byte goes before a number that begins with a one. */
export function integer(hex: string): Block {
  const bytes = Buffer.from(hex, 'hex');
  const unsigned = (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
  return new asn1js.Integer({ valueHex: bufferOf(unsigned) });
}

export const time = (milliseconds: number): Block =>
  new asn1js.UTCTime({ valueDate: new Date(milliseconds) });

export const name = (attributes: DistinguishedName): Block =>
  sequence(...attributes.map(({ type, text }) => set(sequence(oid(type), utf8(text)))));

const rsa = { sha1: '5', sha256: '11', sha384: '12', sha512: '13' };
const ecdsa = { sha1: '1', sha256: '3.2', sha384: '3.3', sha512: '3.4' };

export const signatureAlgorithm = ({ publicKey }: SigningKey, digest: SignatureDigest): Block =>
  (publicKey.asymmetricKeyType === 'ec' ? sequence(oid(`1.2.840.10045.4.${ecdsa[digest]}`))
    : withNull(`1.2.840.113549.1.1.${rsa[digest]}`));

const digestIds = {
  sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};
export const digestAlgorithm = (digest: SignatureDigest): Block => withNull(digestIds[digest]);

const withNull = (id: string): Block => sequence(oid(id), new asn1js.Null());

/** What certificates and revocation lists have in common: the body, how it is signed, the signature. */
export function signedBy(body: Block, key: SigningKey, digest: SignatureDigest): Uint8Array {
  const signature = sign(digest, der(body), key.privateKey);
  return der(sequence(body, signatureAlgorithm(key, digest), bits(signature)));
}

export interface ExtensionToIssue { readonly id: string; readonly critical?: boolean; readonly value: Block }

export const extensionList = (extensions: readonly ExtensionToIssue[]): Block =>
  sequence(...extensions.map(({ id, critical = false, value }) =>
    sequence(oid(id), ...(critical ? [yes()] : []), octets(der(value)))));
