import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type {
  DelegateVerifications, NewVerification, PresentedVerification, VerifiedDelegate,
} from '../../application/delegations/delegate-verifications.js';
import type { CardType } from '../../domain/delegations/delegation.events.js';

interface Row { readonly delegate_id: string; readonly card_type: CardType }

const isGood = `verification_id = $1 AND session_id = $2 AND company_id = $3
  AND (used_by IS NULL OR used_by = $4) AND expires_at >= $5`;
const valuesOf = ({ verificationId, sessionId, companyId, commandId, at }: PresentedVerification) =>
  [verificationId, sessionId, companyId, commandId, at];

/** Ids only: the name is read anew where it is needed. */
export class DelegateVerificationTable implements DelegateVerifications {
  constructor(private readonly pool: Pool, private readonly now: () => number) {}

  /** Whoever asks for a new one sweeps those that are over. */
  async issue(
    { sessionId, companyId, delegateId, cardType, expiresAt }: NewVerification,
  ): Promise<string> {
    const verificationId = randomUUID();
    await this.pool.query(
      `WITH swept AS (DELETE FROM identity.delegate_verifications WHERE expires_at < $7)
       INSERT INTO identity.delegate_verifications
         (verification_id, session_id, company_id, delegate_id, card_type, expires_at)
       VALUES ($1, $2, $3, $4, $5, $6)`,
      [verificationId, sessionId, companyId, delegateId, cardType, expiresAt,
        new Date(this.now()).toISOString()]);
    return verificationId;
  }

  async find(presented: PresentedVerification): Promise<VerifiedDelegate | null> {
    const { rows: [row] } = await this.pool.query<Row>(
      `SELECT delegate_id, card_type FROM identity.delegate_verifications WHERE ${isGood}`,
      valuesOf(presented));
    return row ? verifiedOf(row) : null;
  }

  async use(presented: PresentedVerification): Promise<VerifiedDelegate | null> {
    const { rows: [row] } = await this.pool.query<Row>(
      `UPDATE identity.delegate_verifications SET used_by = $4 WHERE ${isGood}
       RETURNING delegate_id, card_type`, valuesOf(presented));
    return row ? verifiedOf(row) : null;
  }
}

const verifiedOf = ({ delegate_id: delegateId, card_type: cardType }: Row): VerifiedDelegate =>
  ({ delegateId, cardType });
