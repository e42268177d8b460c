import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { backUp } from '../../../src/infrastructure/backup/back-up.js';
import { InvalidConfig } from '../../../src/infrastructure/config.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { assertOneMasterKey } from '../../../src/infrastructure/keys/one-master-key.js';
import { PostgresKeyTable } from '../../../src/infrastructure/keys/postgres-key-table.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import type { TestDatabase } from '../../support/database.js';
import { createTestDatabase } from '../../support/database.js';

const newKey = (): string => randomBytes(32).toString('base64');
const [masterKey, another] = [newKey(), newKey()];
const subject = randomUUID();

let database: TestDatabase;
let pool: Pool;
let keys: SealingKeys;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'test', maxConnections: 2 });
  keys = new SealingKeys(new PostgresKeyTable(pool), MasterKey.fromBase64(masterKey));
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a database', () => {
  it('without keys takes any master key', async () => {
    await assertOneMasterKey(pool, another);
  });

  it('takes no other master key than that of its keys, and shows neither', async () => {
    const at = { stream: `applicant-${subject}`, eventId: subject, field: 'name' };
    await keys.seal({ subject, purpose: 'identity' }, [{ plain: '王小明', at }]);
    await assertOneMasterKey(pool, masterKey);
    const refused = assertOneMasterKey(pool, another);
    await expect(refused).rejects.toThrow(InvalidConfig);
    await expect(refused).rejects.toThrow(/MASTER_KEY: is not the one of this database/);
    await expect(refused).rejects.not.toThrow(another);
  });

  it('is not saved under the mark of a master key that is not its own', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'treasury-wrong-key-'));
    const directory = join(parent, 'backup');
    await expect(backUp({
      databaseUrl: database.url, masterKey: another, directory, madeAt: '2026-11-22T00:00:00.000Z',
      say: () => undefined,
    })).rejects.toThrow(InvalidConfig);
    expect(existsSync(join(directory, 'SHA256SUMS'))).toBe(false);
    rmSync(parent, { recursive: true });
  });

  it('in which every key was destroyed holds nothing for which the master key could be wrong', async () => {
    await keys.destroy(subject);
    await assertOneMasterKey(pool, another);
  });
});
