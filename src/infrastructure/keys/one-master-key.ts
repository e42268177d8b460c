import type { ClientBase, Pool } from 'pg';
import { InvalidConfig } from '../config.js';
import { MasterKey } from './master-key.js';

interface StoredKey {
  readonly subject: string;
  readonly purpose: string;
  readonly key_id: string;
  readonly wrapped: Buffer;
}

/** A probe of one: every key of a database is wrapped by the same master key. */
const anyKey = `
  SELECT subject, purpose, key_id, wrapped FROM keys.personal_keys WHERE wrapped IS NOT NULL LIMIT 1`;

/**
 * Under another master key a process would seal what no other process can open, and nobody would notice until
 * a name is asked for: `InvalidConfig` before anything is written. A database without keys takes any.
 */
export async function assertOneMasterKey(database: Pool | ClientBase, masterKey: string): Promise<void> {
  const { rows: [known] } = await database.query<StoredKey>(anyKey);
  if (known === undefined) return;
  const { subject, purpose, key_id: keyId, wrapped } = known;
  if (MasterKey.fromBase64(masterKey).opens({ subject, purpose }, keyId, wrapped)) return;
  throw new InvalidConfig([
    'MASTER_KEY: is not the one of this database, whose keys it does not open. 不是此資料庫的主金鑰']);
}
