import type { FastifyRequest } from 'fastify';
import type { ChallengePurpose } from '../identity/challenge-table.js';
import { browserToken, ownOrigin } from './browsers.js';
import type { Identity } from './identity.js';
import { Problem } from './problem.js';

/** What a card has to have been shown for, from our own session and address, never from what was sent. */
export interface TakenChallenge { readonly nonce: string; readonly origin: string }

/** The challenge that this browser asked for; it is used up, whatever comes of it. */
export async function takeChallenge(
  request: FastifyRequest, { challenges, publicOrigin }: Identity, purpose: ChallengePurpose,
): Promise<TakenChallenge> {
  const token = browserToken(request);
  const origin = ownOrigin(request, publicOrigin);
  if (token === null || origin === null) throw new Problem('attestation/no-challenge');
  const taken = await challenges.take(token, purpose);
  if (typeof taken === 'string') throw new Problem(taken);
  return { nonce: taken.nonce, origin };
}
