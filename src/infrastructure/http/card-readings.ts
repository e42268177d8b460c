import { Inject, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { VerifiedCard } from '../../application/identity/verified-card.js';
import { verifyAttestation } from '../identity/card-attestation.js';
import type { Challenge, ChallengePurpose } from '../identity/challenge-table.js';
import { newToken } from '../identity/session-table.js';
import { browserToken, giveToken } from './browsers.js';
import type { Identity } from './identity.js';
import { IDENTITY } from './identity.js';
import { Problem } from './problem.js';
import { takeChallenge } from './taken-challenge.js';

/** Longest of its kind is the address of a release; of the others each has one length. */
const text = z.string().max(200);

/** What a card agent hands to the page, which hands it on as it is. */
export const cardReading = z.object({
  attestation: z.object({
    format: text, cardPayload: text, cardStatus: z.string().max(1).nullable(), agentKeyId: text,
    algorithm: text, signature: text, appVersion: text.optional(),
  }),
  agentKey: z.object({ kty: text, crv: text, x: text, y: text }),
}).meta({ id: 'CardReading', description: 'nhi-card-attestation:1.0 and the key it is signed with' });
export type CardReading = z.output<typeof cardReading>;

/** What may be wrong with a reading, as every route that takes one says. */
export const cardRefusals = [
  'http/foreign-origin', 'attestation/no-challenge', 'attestation/challenge-expired',
  'attestation/other-purpose', 'attestation/wrong-signature', 'attestation/invalid-base64',
  'card/cancelled',
] as const;
export const tryRefusals =
  ['sign-in/failed', 'sign-in/suspended', 'sign-in/revoked', 'sign-in/busy'] as const;

/** Challenges and what card agents make of them: one attempt each, bound to the browser that asked. */
@Injectable()
export class CardReadings {
  constructor(@Inject(IDENTITY) private readonly identity: Identity) {}

  async challenge(
    request: FastifyRequest, reply: FastifyReply, purpose: ChallengePurpose,
  ): Promise<Challenge> {
    let token = browserToken(request);
    if (token === null) {
      token = newToken();
      giveToken(reply, token);
    }
    return this.identity.challenges.issue(token, purpose);
  }

  /** Whatever comes of it, the challenge is used up. */
  async verify(
    request: FastifyRequest, { attestation, agentKey }: CardReading, purpose: ChallengePurpose = 'sign-in',
  ): Promise<VerifiedCard> {
    const challenge = await takeChallenge(request, this.identity, purpose);
    const verified = verifyAttestation(attestation, agentKey, challenge);
    if (typeof verified === 'string') throw new Problem(verified);
    return verified;
  }
}
