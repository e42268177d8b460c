import { createHash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { VerifiedCard } from '../../application/identity/verified-card.js';
import type { AgentJwk } from './agent-keys.js';
import { agentKeyOf, publicKeyOf, thumbprintOf } from './agent-keys.js';
import type { CardProblem } from './nhi-card.js';
import { readCard } from './nhi-card.js';
import { strictBase64 } from './strict-base64.js';

export const attestationFormat = 'nhi-card-attestation:1.0';

/** Deliberately no JWT: nothing inside may look like a claim that somebody could trust. */
export interface CardAttestation {
  readonly format: string;
  readonly cardPayload: string;
  readonly cardStatus: string | null;
  readonly agentKeyId: string;
  readonly algorithm: string;
  readonly signature: string;
  /** Informative; nothing depends on it. */
  readonly appVersion?: string;
}

/** What this server itself knows of the attempt. Neither is ever taken from the attestation. */
export interface Expected {
  readonly origin: string;
  /** As sent, in base64: its text is what is hashed. */
  readonly nonce: string;
}

export const attestationProblems = [
  'attestation/unknown-format', 'attestation/unknown-algorithm', 'attestation/invalid-base64',
  'attestation/invalid-key', 'attestation/key-mismatch', 'attestation/wrong-signature',
] as const;
export type AttestationProblem = (typeof attestationProblems)[number] | CardProblem;

/** r and s of P-256, one after the other. */
const signatureBytes = 64;

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Fields of fixed length: nothing can be moved from one into the next. */
export const signedBytes = (
  { origin, nonce }: Expected, payload: Uint8Array, status: string | null,
): Buffer => Buffer.concat([
  sha256(attestationFormat), sha256(origin), sha256(nonce), sha256(payload, status ?? ''),
]);

/**
 * The signature comes before the content: bytes nobody signed for this site and this attempt are not looked
 * into. A wrong origin or nonce can only show as a wrong signature.
 */
export function verifyAttestation(
  attestation: CardAttestation, jwk: AgentJwk, expected: Expected,
): VerifiedCard | AttestationProblem {
  const { cardStatus, agentKeyId } = attestation;
  if (attestation.format !== attestationFormat) return 'attestation/unknown-format';
  if (attestation.algorithm !== 'ES256') return 'attestation/unknown-algorithm';
  const payload = strictBase64(attestation.cardPayload);
  const signature = strictBase64(attestation.signature);
  if (payload === null || signature === null) return 'attestation/invalid-base64';
  const key = publicKeyOf(jwk);
  if (key === null) return 'attestation/invalid-key';
  if (thumbprintOf(jwk) !== agentKeyId) return 'attestation/key-mismatch';
  const signed = signedBytes(expected, payload, cardStatus);
  if (!isSignedBy(key, signed, signature)) return 'attestation/wrong-signature';
  const content = readCard(payload, cardStatus);
  return typeof content === 'string' ? content : { ...content, agent: agentKeyOf(jwk) };
}

const isSignedBy = (key: KeyObject, signed: Buffer, signature: Buffer): boolean =>
  signature.length === signatureBytes
  && verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature);
