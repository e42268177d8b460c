import { createHash } from 'node:crypto';
import { encode, oid, sequence, tags, unsignedInteger } from './der.js';
import type { KeyType, SigningCertificate } from './signing-certificate.js';

export const signatureFormat = 'certificate-signature:1.0';

const ids = {
  data: oid('1.2.840.113549.1.7.1'),
  signedData: oid('1.2.840.113549.1.7.2'),
  contentType: oid('1.2.840.113549.1.9.3'),
  messageDigest: oid('1.2.840.113549.1.9.4'),
  sha256: oid('2.16.840.1.101.3.4.2.1'),
  sha256WithRsa: oid('1.2.840.113549.1.1.11'),
  sha256WithEcdsa: oid('1.2.840.10045.4.3.2'),
};
const withNull = (id: Uint8Array): Buffer => sequence(id, encode(tags.null));
const set = (...parts: readonly Uint8Array[]): Buffer => encode(tags.set, ...parts);
const hash = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();
const one = encode(tags.integer, Uint8Array.of(1));

/**
 * What is signed: H(format) ‖ H(origin) ‖ H(nonce). A site never chooses the bytes, and what it gets is good
 * at no other site.
 */
export const contentFor = (origin: string, nonce: string): Buffer =>
  Buffer.concat([hash(signatureFormat), hash(origin), hash(nonce)]);

/** In the order of their encodings, as a SET OF in DER must be. */
const attributesOf = (content: Uint8Array): Buffer => Buffer.concat([
  sequence(ids.contentType, set(ids.data)),
  sequence(ids.messageDigest, set(encode(tags.octets, hash(content)))),
]);

/** What the card is given: the digest of the attributes; for PKCS#1 with the name of the digest before it. */
export function signatureInput(keyType: KeyType, content: Uint8Array): Buffer {
  const digest = hash(signedAttributes(content));
  return keyType === 'rsa' ? sequence(withNull(ids.sha256), encode(tags.octets, digest)) : digest;
}

/** What is signed: sent as [0], signed as SET OF (RFC 5652 §5.4). */
export const signedAttributes = (content: Uint8Array): Buffer => set(attributesOf(content));

/** PKCS#11 gives r and s one after the other; CMS has them as two integers (RFC 3279 §2.2.3). */
function ecdsaSignature(signature: Uint8Array): Buffer {
  const half = signature.length / 2;
  return sequence(unsignedInteger(signature.subarray(0, half)), unsignedInteger(signature.subarray(half)));
}

/** CMS SignedData (RFC 5652) of one signer, with certificate and content; the signature as PKCS#11 has it. */
export function signedMessage(
  certificate: SigningCertificate, content: Uint8Array, signature: Uint8Array,
): Buffer {
  const [algorithm, value] = certificate.keyType === 'rsa'
    ? [withNull(ids.sha256WithRsa), signature] : [sequence(ids.sha256WithEcdsa), ecdsaSignature(signature)];
  const signer = sequence(
    one, sequence(certificate.issuerDer, certificate.serialDer), withNull(ids.sha256),
    encode(0xa0, attributesOf(content)), algorithm, encode(tags.octets, value),
  );
  return sequence(ids.signedData, encode(0xa0, sequence(
    one, set(withNull(ids.sha256)), sequence(ids.data, encode(0xa0, encode(tags.octets, content))),
    encode(0xa0, certificate.encoded), set(signer),
  )));
}
