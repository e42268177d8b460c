import type { Pool } from 'pg';
import type { KeyOwner } from '../../application/personal-keys.js';
import type { KeyRow, KeyTable, NewKey } from './key-table.js';

interface StoredKey { subject: string; purpose: string; key_id: string; wrapped: Buffer | null }

const obtainSql = 'SELECT subject, purpose, key_id, wrapped FROM keys.obtain_key($1, $2, $3, $4)';
const findSql = `
  SELECT subject, purpose, key_id, wrapped FROM keys.personal_keys WHERE key_id = ANY ($1::uuid[])`;
const destroySql = 'SELECT keys.destroy_keys($1)';

export class PostgresKeyTable implements KeyTable {
  constructor(private readonly pool: Pool) {}

  async obtain(owner: KeyOwner, candidate: NewKey): Promise<KeyRow | null> {
    const parameters = [owner.subject, owner.purpose, candidate.keyId, candidate.wrapped];
    const { rows: [row] } = await this.pool.query<StoredKey>(obtainSql, parameters);
    return row === undefined || row.wrapped === null ? null : rowOf(row);
  }

  async find(keyIds: readonly string[]): Promise<readonly KeyRow[]> {
    const { rows } = await this.pool.query<StoredKey>(findSql, [keyIds]);
    return rows.map(rowOf);
  }

  /**
   * What was overwritten lies in free space until PostgreSQL vacuums, and in backups while those are kept.
   * There the master key alone protects it: an erasure is complete when the last older backup is gone.
   */
  async destroy(subject: string): Promise<void> {
    await this.pool.query(destroySql, [subject]);
  }
}

const rowOf = ({ key_id: keyId, ...row }: StoredKey): KeyRow => ({ ...row, keyId });
