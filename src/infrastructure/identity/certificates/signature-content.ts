import { createHash } from 'node:crypto';
import type { Expected } from '../card-attestation.js';

export const signatureFormat = 'certificate-signature:1.0';

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * What a card must have signed: H(format) ‖ H(origin) ‖ H(nonce), 96 bytes rebuilt from what this server
 * itself knows. A page that relays a challenge of ours to somebody else's card is another origin, whose
 * signature is over other bytes. Three digests of one length: nothing can be moved from one into the next.
 */
export const signatureContent = ({ origin, nonce }: Expected): Buffer =>
  Buffer.concat([sha256(signatureFormat), sha256(origin), sha256(nonce)]);
