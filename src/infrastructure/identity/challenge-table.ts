import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { digestOfSecret } from './digests.js';

const nonceBytes = 32;
const validMs = 5 * 60_000;
/** Swept by whoever asks for a new one: more than one old one each, so that none pile up. */
const sweptAtOnce = 20;

/**
 * What a card is read or a nonce signed for. A delegate shows theirs on somebody else's machine: what they
 * sign there must sign nobody in.
 */
export const challengePurposes = ['sign-in', 'delegate-verification'] as const;
export type ChallengePurpose = (typeof challengePurposes)[number];

export interface Challenge { readonly nonce: string; readonly expiresAt: string }
export type ChallengeProblem = 
  'attestation/no-challenge' | 'attestation/challenge-expired' | 'attestation/other-purpose';

interface Row { readonly nonce: string; readonly expires_at: Date; readonly purpose: string }

/** One nonce per browser, for one attempt: looking at it takes it away. */
export class ChallengeTable {
  constructor(private readonly pool: Pool, private readonly now: () => number) {}

  async issue(browserToken: string, purpose: ChallengePurpose): Promise<Challenge> {
    const at = this.now();
    const nonce = randomBytes(nonceBytes).toString('base64');
    const expiresAt = new Date(at + validMs).toISOString();
    await this.pool.query(
      `WITH old AS (SELECT browser_hash FROM identity.challenges WHERE expires_at < $4
                    ORDER BY expires_at LIMIT ${sweptAtOnce} FOR UPDATE SKIP LOCKED),
            swept AS (DELETE FROM identity.challenges WHERE browser_hash IN (SELECT browser_hash FROM old)
                      AND browser_hash <> $1)
       INSERT INTO identity.challenges (browser_hash, nonce, expires_at, purpose) VALUES ($1, $2, $3, $5)
       ON CONFLICT (browser_hash) DO UPDATE SET nonce = excluded.nonce, expires_at = excluded.expires_at,
         purpose = excluded.purpose`,
      [digestOfSecret(browserToken), nonce, expiresAt, new Date(at).toISOString(), purpose]);
    return { nonce, expiresAt };
  }

  /** One for another purpose is used up as well: whoever mixes them up begins again. */
  async take(
    browserToken: string, purpose: ChallengePurpose,
  ): Promise<{ nonce: string } | ChallengeProblem> {
    const { rows: [row] } = await this.pool.query<Row>(
      'DELETE FROM identity.challenges WHERE browser_hash = $1 RETURNING nonce, expires_at, purpose',
      [digestOfSecret(browserToken)]);
    if (!row) return 'attestation/no-challenge';
    if (row.purpose !== purpose) return 'attestation/other-purpose';
    return row.expires_at.getTime() < this.now() ? 'attestation/challenge-expired' : { nonce: row.nonce };
  }
}
