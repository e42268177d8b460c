import type { VerifiedCertificate } from '../../../application/identity/verified-certificate.js';
import { isSignedWith, isStrongKey } from './algorithms.js';
import type { Authorities, Chain } from './authorities.js';
import { keyUsages } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import { isInForce, isSame, readCertificate } from './certificate.js';
import type { RevocationList } from './revocation-list.js';
import type { RevocationProblem } from './revocation.js';
import { revocationOf } from './revocation.js';
import type { MessageProblem, SignedMessage } from './signed-message.js';
import { readSignedMessage, signedBytesOf } from './signed-message.js';
import type { SubjectProblem } from './subject.js';
import { subjectOf } from './subject.js';

export const certificateProblems = [
  'message/unknown-format', 'message/no-signer-certificate', 'message/unexpected-certificate',
  'message/wrong-content', 'message/weak-key', 'message/wrong-signature', 'certificate/unknown-authority',
  'certificate/not-yet-valid', 'certificate/expired', 'certificate/authority-not-in-force',
  'certificate/not-for-signatures', 'certificate/unknown-critical-extension', 'certificate/wrong-policy',
] as const;
export type CertificateProblem =
  (typeof certificateProblems)[number] | MessageProblem | RevocationProblem | SubjectProblem;

/** What this server itself knows and believes. Nothing of it is taken from the message. */
export interface Expectation {
  /** What must have been signed, see signatureContent. */
  readonly content: Uint8Array;
  /** As the person typed it; null for a company. */
  readonly idNumber: string | null;
  readonly now: number;
  readonly authorities: Authorities;
  readonly revocationLists: readonly RevocationList[];
  /** OIDs; one of them must be the certificate's. */
  readonly policies: readonly string[];
}

/**
 * In this order: about a message that was not signed for this attempt nothing is said of its certificate, and
 * about a certificate of nobody we believe nothing of its content.
 */
export function verifyCertificate(
  bytes: Uint8Array, expected: Expectation,
): VerifiedCertificate | CertificateProblem {
  const message = readSignedMessage(bytes);
  if (typeof message === 'string') return message;
  const certificate = signerOf(message, expected.authorities);
  if (typeof certificate === 'string') return certificate;
  const problem = problemOfSignature(message, certificate, expected.content);
  if (problem) return problem;
  const chain = expected.authorities.chainOf(certificate, expected.now);
  if (chain === null) return 'certificate/unknown-authority';
  const refused = problemOfUse(chain, expected) ?? problemOfRevocation(chain, expected);
  if (refused) return refused;
  const subject = subjectOf(certificate, expected.idNumber);
  if (typeof subject === 'string') return subject;
  const issuer = Buffer.from(certificate.issuer).toString('base64');
  return { issuer, serialNumber: certificate.serialNumber, subject };
}

/** Besides the signer's, only certificates that are pinned anyway may come along. */
function signerOf(
  { certificates, signer }: SignedMessage, authorities: Authorities,
): Certificate | CertificateProblem {
  const own = certificates.filter((encoded) => !authorities.has(encoded));
  const [encoded, ...others] = own;
  if (encoded === undefined) return 'message/no-signer-certificate';
  if (others.length > 0) return 'message/unexpected-certificate';
  const certificate = readCertificate(encoded);
  if (certificate === null) return 'message/malformed';
  const { issuer, serialNumber } = certificate;
  const isNamed = isSame(issuer, signer.issuer) && serialNumber === signer.serialNumber;
  return isNamed ? certificate : 'message/no-signer-certificate';
}

function problemOfSignature(
  message: SignedMessage, { publicKey }: Certificate, content: Uint8Array,
): CertificateProblem | null {
  if (message.content !== null && !isSame(message.content, content)) return 'message/wrong-content';
  if (!isStrongKey(publicKey)) return 'message/weak-key';
  const data = signedBytesOf(message, content);
  const isSigned = data !== null
    && isSignedWith(publicKey, { algorithm: message.algorithm, data, signature: message.signature });
  return isSigned ? null : 'message/wrong-signature';
}

const anyPurpose = '2.5.29.37.0';
const clientAuthentication = '1.3.6.1.5.5.7.3.2';

function problemOfUse(
  [certificate, ...authorities]: Chain, { now, policies }: Expectation,
): CertificateProblem | null {
  if (now < certificate.notBefore) return 'certificate/not-yet-valid';
  if (now > certificate.notAfter) return 'certificate/expired';
  const areInForce = authorities.every((authority) => isInForce(authority, now));
  if (!areInForce) return 'certificate/authority-not-in-force';
  if (!maySign(certificate)) return 'certificate/not-for-signatures';
  if (certificate.unknownCritical.length > 0) return 'certificate/unknown-critical-extension';
  const isUnderPolicy = certificate.policies.some((policy) => policies.includes(policy));
  return isUnderPolicy ? null : 'certificate/wrong-policy';
}

/** An authority signs certificates, not nonces; a card has another certificate for decryption. */
function maySign({ authority, keyUsage, purposes }: Certificate): boolean {
  const isForSignatures = keyUsage?.has(keyUsages.digitalSignature) ?? false;
  const isForPeople = purposes === null
    || purposes.some((purpose) => purpose === clientAuthentication || purpose === anyPurpose);
  return authority === null && isForSignatures && isForPeople;
}

/** Of the authorities too, each by a list of its own issuer; a root is revoked by no longer pinning it. */
function problemOfRevocation(chain: Chain, { revocationLists, now }: Expectation): RevocationProblem | null {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    const problem = issuer && revocationOf(certificate, issuer, revocationLists, now);
    if (problem) return problem;
  }
  return null;
}
