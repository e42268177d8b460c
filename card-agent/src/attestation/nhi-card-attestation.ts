import { createHash } from 'node:crypto';
import { AgentError } from '../agent-error.js';
import type { NhiCardReading } from '../nhi/read-nhi-card.js';
import { appVersion } from '../release.js';
import type { AgentKey } from './agent-keys.js';

export const attestationFormat = 'nhi-card-attestation:1.0';

/**
 * Not a JWT: nothing inside may look like a claim to be trusted. Neither origin nor nonce is in it; whoever
 * checks it takes both from its own session, so that a wrong one can only show as a bad signature.
 */
export interface NhiCardAttestation {
  readonly format: typeof attestationFormat;
  /** base64 of the 57 bytes as read. */
  readonly cardPayload: string;
  readonly cardStatus: string | null;
  readonly agentKeyId: string;
  readonly algorithm: 'ES256';
  /** base64 of r and s. */
  readonly signature: string;
  readonly appVersion: string;
}

const hash = (content: string | Uint8Array): Buffer => createHash('sha256').update(content).digest();

/**
 * H(format) ‖ H(origin) ‖ H(nonce) ‖ H(payload ‖ status). Every part has the length of a hash, so that no
 * byte can wander from one to the next. Texts are hashed as UTF-8 (the nonce as its base64 text), the card's
 * bytes as they are, an unknown status as nothing.
 */
export function attestedBytes(
  origin: string, nonce: string, card: Pick<NhiCardReading, 'payload' | 'status'>,
): Buffer {
  const content = Buffer.concat([card.payload, Buffer.from(card.status ?? '', 'utf8')]);
  return Buffer.concat([hash(attestationFormat), hash(origin), hash(nonce), hash(content)]);
}

export function attest(key: AgentKey, nonce: string, card: NhiCardReading): NhiCardAttestation {
  return {
    format: attestationFormat,
    cardPayload: Buffer.from(card.payload).toString('base64'),
    cardStatus: card.status,
    agentKeyId: key.id,
    algorithm: 'ES256',
    signature: Buffer.from(key.sign(attestedBytes(key.origin, nonce, card))).toString('base64'),
    appVersion,
  };
}

/**
 * Exactly 32 bytes in base64 (44 characters): fewer could be guessed or come twice, and one length leaves no
 * room for a text that a site would like to have signed.
 */
export function requireNonce(value: unknown): string {
  if (typeof value === 'string' && /^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(value)) return value;
  throw new AgentError('input-invalid');
}
