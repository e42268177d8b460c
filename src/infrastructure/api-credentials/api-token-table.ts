import type { Pool } from 'pg';
import type { ApiTokens } from '../../application/api-credentials/api-tokens.js';
import { digestOfSecret, sameBytes } from '../identity/digests.js';
import type { ApiToken } from './api-token.js';
import { newApiToken } from './api-token.js';

interface Row {
  readonly holder_id: string;
  readonly secret_hash: Buffer;
  readonly last_used_at: Date | null;
}

/** Being used is written down this often at most: reading must not write at every request. */
const notedEveryMs = 60_000;

/** Hashes of the tokens' 256 random bits: a plain one keeps what nobody can guess. */
export class ApiTokenTable implements ApiTokens {
  constructor(private readonly pool: Pool, private readonly now: () => number) {}

  async issue(credentialId: string, holderId: string): Promise<string | null> {
    const { secret, text } = newApiToken(credentialId);
    const { rowCount } = await this.pool.query(
      `INSERT INTO identity.api_tokens (credential_id, holder_id, secret_hash) VALUES ($1, $2, $3)
       ON CONFLICT DO NOTHING`, [credentialId, holderId, digestOfSecret(secret)]);
    return rowCount === 1 ? text : null;
  }

  /** Whose credential it is, where the secret is the right one. Whether it is in force the log knows. */
  async holderOf({ credentialId, secret }: ApiToken): Promise<string | null> {
    const { rows: [row] } = await this.pool.query<Row>(
      'SELECT holder_id, secret_hash, last_used_at FROM identity.api_tokens WHERE credential_id = $1',
      [credentialId]);
    return row && sameBytes(row.secret_hash, digestOfSecret(secret)) ? row.holder_id : null;
  }

  async used(credentialId: string): Promise<void> {
    const at = this.now();
    await this.pool.query(
      `UPDATE identity.api_tokens SET last_used_at = $2
       WHERE credential_id = $1 AND (last_used_at IS NULL OR last_used_at < $3)`,
      [credentialId, new Date(at).toISOString(), new Date(at - notedEveryMs).toISOString()]);
  }

  async lastUsed(holderId: string): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.pool.query<{ credential_id: string; last_used_at: Date }>(
      `SELECT credential_id, last_used_at FROM identity.api_tokens
       WHERE holder_id = $1 AND last_used_at IS NOT NULL`, [holderId]);
    return new Map(rows.map((row) => [row.credential_id, row.last_used_at.toISOString()]));
  }
}
