import type { KeyObject } from 'node:crypto';
import type { SignatureAlgorithm } from './algorithms.js';
import { publicKeyOf, signatureAlgorithmOf } from './algorithms.js';
import type { Extensions } from './certificate-extensions.js';
import { readExtensions } from './certificate-extensions.js';
import type { DerReader, Element } from './der.js';
import { context, inside, notDer, primitiveContext, readSequence, readWhole, tags } from './der.js';
import type { NameAttribute } from './der-values.js';
import { integerOf, nameAttributesOf, readTime, smallIntegerOf, wholeBytesOf } from './der-values.js';

/**
 * Read by ourselves and not by node's X509Certificate, which first looks for a PEM block anywhere in the
 * bytes: of a certificate of an attacker's own making with a real one inside, two readers would read two
 * different ones.
 */
export interface Certificate extends Extensions {
  readonly encoded: Uint8Array;
  /** What its issuer signed. */
  readonly signed: Uint8Array;
  /** Null for one that is not believed. */
  readonly algorithm: SignatureAlgorithm | null;
  readonly signature: Uint8Array;
  readonly serialNumber: string;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly subjectAttributes: readonly NameAttribute[];
  readonly issuerAttributes: readonly NameAttribute[];
  readonly notBefore: number;
  readonly notAfter: number;
  readonly publicKey: KeyObject;
}

/** As version 3 counts itself. */
const version3 = 2;

export const readCertificate = (bytes: Uint8Array): Certificate | null =>
  readWhole(bytes, (outer) => {
    const certificate = outer.next(tags.sequence);
    return readSequence(certificate, (members) => {
      const signed = members.next(tags.sequence);
      const algorithm = members.next(tags.sequence);
      const signature = wholeBytesOf(members.next(tags.bitString));
      const body = readSequence(signed, (inner) => readBody(inner, algorithm));
      return {
        ...body, encoded: certificate.encoded, signed: signed.encoded,
        algorithm: signatureAlgorithmOf(algorithm), signature,
      };
    });
  });

type Body = Omit<Certificate, 'encoded' | 'signed' | 'algorithm' | 'signature'>;

function readBody(members: DerReader, algorithm: Element): Body {
  const version = inside(members.next(context(0)));
  if (smallIntegerOf(version.next(tags.integer)) !== version3) notDer();
  version.end();
  const serialNumber = integerOf(members.next(tags.integer));
  // Said twice, once under the signature: both must be the same.
  if (!Buffer.from(members.next(tags.sequence).encoded).equals(algorithm.encoded)) notDer();
  const issuer = members.next(tags.sequence);
  const [notBefore, notAfter] = readSequence(members.next(tags.sequence),
    (validity) => [readTime(validity), readTime(validity)] as const);
  const subject = members.next(tags.sequence);
  const publicKey = publicKeyOf(members.next(tags.sequence).encoded) ?? notDer();
  members.optional(primitiveContext(1));
  members.optional(primitiveContext(2));
  const extensions = readExtensions(members.optional(context(3)));
  return {
    serialNumber, notBefore, notAfter, publicKey, issuer: issuer.encoded, subject: subject.encoded,
    issuerAttributes: nameAttributesOf(issuer), subjectAttributes: nameAttributesOf(subject), ...extensions,
  };
}

export const isSame = (one: Uint8Array, other: Uint8Array): boolean => Buffer.from(one).equals(other);

export const isInForce = ({ notBefore, notAfter }: Certificate, now: number): boolean =>
  notBefore <= now && now <= notAfter;
