import { createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Element } from './der.js';
import { readSequence, tags } from './der.js';
import { readOid } from './der-values.js';

/** SHA-1 and older are left out on purpose; so is everything not named here. */
const digests = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
} as const;
export type Digest = (typeof digests)[keyof typeof digests];

type KeyType = 'rsa' | 'ec';
export interface SignatureAlgorithm { readonly key: KeyType; readonly digest: Digest }

const signatures: Readonly<Record<string, SignatureAlgorithm>> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', digest: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', digest: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', digest: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', digest: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', digest: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', digest: 'sha512' },
};
/** A signer may name only its key's algorithm; the digest then is the one it names beside. */
const rsaEncryption = '1.2.840.113549.1.1.1';

interface Named { readonly oid: string; readonly parameters: 'none' | 'null' | 'other' }

function named(algorithm: Element): Named {
  return readSequence(algorithm, (members) => {
    const oid = readOid(members);
    if (members.isAtEnd) return { oid, parameters: 'none' };
    const { tag, content } = members.any();
    return { oid, parameters: tag === tags.nothing && content.length === 0 ? 'null' : 'other' };
  });
}

/** Null for one that is not allowed. Parameters are NULL or absent: both are in use. */
export function digestOf(algorithm: Element): Digest | null {
  const { oid, parameters } = named(algorithm);
  if (parameters === 'other' || !Object.hasOwn(digests, oid)) return null;
  return digests[oid as keyof typeof digests];
}

export function signatureAlgorithmOf(algorithm: Element): SignatureAlgorithm | null {
  const { oid, parameters } = named(algorithm);
  const found = Object.hasOwn(signatures, oid) ? signatures[oid] : undefined;
  return found && parameters === (found.key === 'rsa' ? 'null' : 'none') ? found : null;
}

/** As a signer names it: with its digest, which must be the one named beside, or the key's alone. */
export function signerAlgorithmOf(algorithm: Element, digest: Digest): SignatureAlgorithm | null {
  const { oid, parameters } = named(algorithm);
  if (oid === rsaEncryption) return parameters === 'null' ? { key: 'rsa', digest } : null;
  const found = signatureAlgorithmOf(algorithm);
  return found?.digest === digest ? found : null;
}

const rsaBits = { least: 2048, most: 8192 };
/** Smaller exponents have cost others their signatures; 1 would make every message its own signature. */
const leastExponent = 65_537n;
const mostExponent = 2n ** 32n;
const curves: readonly (string | undefined)[] = ['prime256v1', 'secp384r1'];

/** Null for what OpenSSL does not take for a key. */
export function publicKeyOf(subjectPublicKeyInfo: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(subjectPublicKeyInfo), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}

/** Strong enough to be believed, and not so large that verifying becomes an attack. */
export function isStrongKey({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = asymmetricKeyDetails;
  if (asymmetricKeyType === 'ec') return curves.includes(namedCurve);
  return asymmetricKeyType === 'rsa' && modulusLength >= rsaBits.least && modulusLength <= rsaBits.most
    && publicExponent >= leastExponent && publicExponent < mostExponent;
}

export interface Signed {
  readonly algorithm: SignatureAlgorithm;
  readonly data: Uint8Array;
  readonly signature: Uint8Array;
}

export function isSignedWith(key: KeyObject, { algorithm, data, signature }: Signed): boolean {
  if (key.asymmetricKeyType !== algorithm.key) return false;
  try {
    return verify(algorithm.digest, data, key, signature);
  } catch {
    // OpenSSL has more than one way to say that a signature is none.
    return false;
  }
}

export const digestBytes = (digest: Digest, bytes: Uint8Array): Buffer => hash(digest, bytes, 'buffer');
