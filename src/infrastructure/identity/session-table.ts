import { randomBytes, randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Sessions } from '../../application/identity/identity-stores.js';
import { digestOfSecret } from './digests.js';

const tokenBytes = 32;
/** A machine left alone is signed out by itself; so is one that is never left alone, at the day's end. */
export const idleMs = 15 * 60_000;
export const longestMs = 8 * 3_600_000;
/** Being seen is written down this often at most: reading must not write at every request. */
const notedEveryMs = 60_000;

/** Whose session it is, and what it was begun with: a registered card, or a certificate. */
export interface SessionOwner {
  readonly personId: string;
  readonly applicantId: string;
  readonly registrationId: string | null;
  readonly agentId: string | null;
  /** The entry on the staff list. Which roles it gives is asked at every request. */
  readonly memberId: string | null;
  readonly isPayee: boolean;
}
type NewOwner = Pick<SessionOwner, 'personId' | 'applicantId'> & Partial<SessionOwner>;

export interface OpenSession extends SessionOwner {
  readonly sessionId: string;
  /** When card and password, or the certificate, were last shown. */
  readonly authenticatedAt: number;
  readonly signedInAt: number;
}
export interface NewSession { readonly sessionId: string; readonly token: string; readonly endsAt: string }

interface Row {
  readonly session_id: string;
  readonly registration_id: string | null;
  readonly agent_id: string | null;
  readonly member_id: string | null;
  readonly is_payee: boolean;
  readonly person_id: string;
  readonly applicant_id: string;
  readonly signed_in_at: Date;
  readonly seen_at: Date;
  readonly authenticated_at: Date;
}

export const newToken = (): string => randomBytes(tokenBytes).toString('base64url');

/** Sessions of browsers. The token is in a cookie, here only its hash; ended sessions have no row. */
export class SessionTable implements Sessions {
  constructor(private readonly pool: Pool, private readonly now: () => number) {}

  /** Always under a new token: one that was planted in a browser beforehand never becomes a session. */
  async begin(owner: NewOwner): Promise<NewSession> {
    const { personId, applicantId, registrationId = null, agentId = null } = owner;
    const { memberId = null, isPayee = true } = owner;
    const [sessionId, token] = [randomUUID(), newToken()];
    const at = this.now();
    await this.pool.query(
      `WITH ended AS (DELETE FROM identity.sessions WHERE person_id = $4
                      AND (seen_at < $8 OR signed_in_at < $9))
       INSERT INTO identity.sessions (session_id, registration_id, agent_id, person_id, applicant_id,
         token_hash, signed_in_at, seen_at, authenticated_at, member_id, is_payee)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7, $10, $11)`,
      [sessionId, registrationId, agentId, personId, applicantId, digestOfSecret(token), iso(at),
        iso(at - idleMs), iso(at - longestMs), memberId, isPayee]);
    return { sessionId, token, endsAt: iso(at + longestMs) };
  }

  async open(token: string): Promise<OpenSession | null> {
    const at = this.now();
    const hash = digestOfSecret(token);
    const { rows: [row] } = await this.pool.query<Row>(
      `SELECT * FROM identity.sessions WHERE token_hash = $1 AND seen_at >= $2 AND signed_in_at >= $3`,
      [hash, iso(at - idleMs), iso(at - longestMs)]);
    if (!row) return null;
    if (at - row.seen_at.getTime() >= notedEveryMs) {
      const sql = 'UPDATE identity.sessions SET seen_at = $2 WHERE token_hash = $1';
      await this.pool.query(sql, [hash, iso(at)]);
    }
    return {
      sessionId: row.session_id, registrationId: row.registration_id, agentId: row.agent_id,
      personId: row.person_id, applicantId: row.applicant_id, memberId: row.member_id, isPayee: row.is_payee,
      authenticatedAt: row.authenticated_at.getTime(), signedInAt: row.signed_in_at.getTime(),
    };
  }

  /** Card and password, or the certificate, were shown again: the same session under a new token. */
  async renew(sessionId: string): Promise<NewSession | null> {
    const token = newToken();
    const { rows: [row] } = await this.pool.query<{ signed_in_at: Date }>(
      `UPDATE identity.sessions SET token_hash = $2, authenticated_at = $3, seen_at = $3
       WHERE session_id = $1 RETURNING signed_in_at`, [sessionId, digestOfSecret(token), iso(this.now())]);
    return row ? { sessionId, token, endsAt: iso(row.signed_in_at.getTime() + longestMs) } : null;
  }

  async end(sessionId: string): Promise<void> {
    await this.pool.query('DELETE FROM identity.sessions WHERE session_id = $1', [sessionId]);
  }

  async endAllOf(registrationId: string, except?: string): Promise<void> {
    await this.pool.query(
      'DELETE FROM identity.sessions WHERE registration_id = $1 AND session_id IS DISTINCT FROM $2::uuid',
      [registrationId, except ?? null]);
  }

  async endAllFrom(agentId: string): Promise<void> {
    await this.pool.query('DELETE FROM identity.sessions WHERE agent_id = $1', [agentId]);
  }

  async endAllOfPerson(personId: string): Promise<void> {
    await this.pool.query('DELETE FROM identity.sessions WHERE person_id = $1', [personId]);
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
