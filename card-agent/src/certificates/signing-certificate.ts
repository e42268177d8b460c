import { X509Certificate, createHash } from 'node:crypto';
import { elementsOf, oid, tags } from './der.js';

/** RSA, or a curve: what signs differs in what it is given and what it gives. */
export type KeyType = 'rsa' | 'ec';

/** A certificate on a card with which its holder can sign. */
export interface SigningCertificate {
  /** SHA-256 of the certificate, in hex: which one is meant. */
  readonly id: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
  readonly keyType: KeyType;
  readonly encoded: Uint8Array;
  /** As DER, for naming the signer in a message. */
  readonly issuerDer: Uint8Array;
  readonly serialDer: Uint8Array;
}

/** Null for what cannot sign a message here: certificates of authorities, for encryption, of other keys. */
export function readSigningCertificate(encoded: Uint8Array): SigningCertificate | null {
  try {
    const certificate = new X509Certificate(encoded);
    const keyType = certificate.publicKey.asymmetricKeyType;
    if (keyType !== 'rsa' && keyType !== 'ec') return null;
    if (certificate.ca || !isForSigning(encoded)) return null;
    const [outer] = elementsOf(encoded);
    const [body] = elementsOf(outer?.content ?? new Uint8Array());
    const members = elementsOf(body?.content ?? new Uint8Array());
    // A version stands before the serial number, save in certificates of the first one.
    const [serial, , issuer] = members[0]?.tag === tags.integer ? members : members.slice(1);
    if (!serial || !issuer) return null;
    return {
      id: createHash('sha256').update(encoded).digest('hex'),
      subject: certificate.subject, issuer: certificate.issuer, validTo: certificate.validTo,
      keyType, encoded, issuerDer: issuer.whole, serialDer: serial.whole,
    };
  } catch {
    return null;
  }
}

/** keyUsage (2.5.29.15) with digitalSignature; the cards hold a second certificate for encryption only. */
function isForSigning(encoded: Uint8Array): boolean {
  const bytes = Buffer.from(encoded);
  const name = oid('2.5.29.15');
  const at = bytes.indexOf(name);
  if (at < 0) return true;
  // Beside the name: perhaps TRUE, then an octet string with a bit string in it, unused bits counted first.
  const boolean = bytes[at + name.length] === 0x01 ? 3 : 0;
  const from = at + name.length + boolean;
  const [octets] = elementsOf(bytes.subarray(from, from + 2 + (bytes[from + 1] ?? 0)));
  const [bits] = elementsOf(octets?.content ?? new Uint8Array());
  return ((bits?.content[1] ?? 0) & 0x80) !== 0;
}
