import { z } from 'zod';
import { passwordPurposes } from '../../../domain/identity/sign-in.events.js';
import { roles } from '../../../application/command-context.js';
import { challengePurposes } from '../../identity/challenge-table.js';
import { cardReading } from '../card-readings.js';
import { signedChallenge } from '../certificate-readings.js';
import { next, paging, position, query } from '../schemas.js';

/** The rule is counted in characters, and said by its own refusals; more bytes than this are no password. */
export const password = z.string().min(1).max(1_000).meta({ format: 'password' });

export const challengeAnswer = z.object({
  nonce: z.string().meta({ description: '32 random bytes in base64, for one attempt of this browser' }),
  expiresAt: z.string(),
}).meta({ id: 'Challenge' });

export const signInBody = z.strictObject({ card: cardReading, password });
export type SignInBody = z.output<typeof signInBody>;

export const challengeQuery = z.strictObject({
  purpose: z.enum(challengePurposes).default('sign-in')
    .meta({ description: 'what is signed for one purpose is refused for the other' }),
});
export type ChallengeAsked = z.output<typeof challengeQuery>;

export const certificateSignInBody = signedChallenge;
export type CertificateSignInBody = z.output<typeof certificateSignInBody>;

export const signedInAnswer = z.object({
  endsAt: z.string()
    .meta({ description: 'at the latest; sooner after a quarter of an hour without requests' }),
  position,
}).meta({ id: 'SignedIn' });
export type SignedInAnswer = z.output<typeof signedInAnswer>;

export const sessionAnswer = z.object({
  roles: z.array(z.enum(roles)),
  applicantId: z.uuid().nullable(),
  session: z.object({ authenticatedAt: z.string(), endsAt: z.string() }).nullable()
    .meta({ description: 'null for a bearer token' }),
}).meta({ id: 'Session' });
export type SessionAnswer = z.output<typeof sessionAnswer>;

export const signedOutAnswer = z.object({ signedIn: z.literal(false) }).meta({ id: 'SignedOut' });

export const signInsQuery = query(paging);
export type SignInsAsked = z.output<typeof signInsQuery>;

export const signInsAnswer = z.object({
  signIns: z.array(z.object({
    attemptId: z.uuid(),
    method: z.enum(['card-and-password', 'certificate']),
    agentId: z.uuid().nullable()
      .meta({ description: 'null: from a device that is not enrolled, or with a certificate' }),
    purpose: z.enum(passwordPurposes),
    result: z.enum(['under-way', 'accepted', 'refused', 'suspended', 'revoked']),
    triedAt: z.string(),
    suspendedUntil: z.string().nullable(),
  })),
  next,
}).meta({ id: 'SignIns' });
