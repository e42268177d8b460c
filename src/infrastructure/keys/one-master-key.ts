import { randomUUID } from 'node:crypto';
import type { ClientBase, Pool } from 'pg';
import { InvalidConfig } from '../config.js';
import { MasterKey } from './master-key.js';
import { PostgresKeyTable } from './postgres-key-table.js';

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
 * a name is asked for: `InvalidConfig` before anything is written. A database without keys takes any: who
 * goes on to write claims it first.
 */
export async function assertOneMasterKey(database: Pool | ClientBase, masterKey: string): Promise<void> {
  const { rows: [known] } = await database.query<StoredKey>(anyKey);
  if (known === undefined) return;
  const { subject, purpose, key_id: keyId, wrapped } = known;
  if (MasterKey.fromBase64(masterKey).opens({ subject, purpose }, keyId, wrapped)) return;
  throw anothersDatabase();
}

/** A key that opens nothing: whichever process makes it first, its master key is that of the database. */
const mark = { subject: '5d6a0f3e-9c1b-4a87-b2f4-31c7e08d96aa', purpose: 'master-key' } as const;

/**
 * Of two that start at the same time on a database without keys, under different master keys, one is refused:
 * both try to make the same key, and who finds another's there cannot open it.
 */
export async function claimMasterKey(pool: Pool, masterKey: string): Promise<void> {
  await assertOneMasterKey(pool, masterKey);
  const [master, keyId] = [MasterKey.fromBase64(masterKey), randomUUID()];
  const candidate = { keyId, wrapped: master.wrapNewKey(mark, keyId) };
  const made = await new PostgresKeyTable(pool).obtain(mark, candidate);
  if (made?.wrapped && master.opens(mark, made.keyId, made.wrapped)) return;
  throw anothersDatabase();
}

const anothersDatabase = (): InvalidConfig => new InvalidConfig([
  'MASTER_KEY: is not the one of this database, whose keys it does not open. 不是此資料庫的主金鑰']);
