import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { backUp } from '../../../src/infrastructure/backup/back-up.js';
import { InvalidConfig } from '../../../src/infrastructure/config.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { assertOneMasterKey, claimMasterKey } from '../../../src/infrastructure/keys/one-master-key.js';
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

  it('is claimed by who starts on it, and by no other, also while it holds no key of a person', async () => {
    await claimMasterKey(pool, masterKey);
    await claimMasterKey(pool, masterKey);
    await expect(claimMasterKey(pool, another)).rejects.toThrow(InvalidConfig);
    await expect(assertOneMasterKey(pool, another)).rejects.toThrow(InvalidConfig);
  });

  it('with keys is claimed under theirs only', async () => {
    await pool.query('TRUNCATE keys.subjects CASCADE');
    const of = { subject: randomUUID(), purpose: 'identity' };
    await keys.seal(of, [{ plain: '王小明', at: { stream: 's', eventId: subject, field: 'name' } }]);
    await expect(claimMasterKey(pool, another)).rejects.toThrow(InvalidConfig);
    await claimMasterKey(pool, masterKey);
  });
});

describe('processes that start at once on an empty database, each under its own master key', () => {
  const rounds = 20;
  const atOnce = 6;
  let pools: Pool[];
  beforeAll(() => {
    pools = Array.from({ length: atOnce }, () =>
      createPool(database.url, { applicationName: 'test', maxConnections: 1 }));
  });
  afterAll(async () => { await Promise.all(pools.map((one) => one.end())); });

  /** How many were let in, round by round. */
  async function letIn(start: (on: Pool, under: string) => Promise<void>): Promise<readonly number[]> {
    const counts: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await pool.query('TRUNCATE keys.subjects CASCADE');
      const ends = await Promise.allSettled(pools.map((one) => start(one, newKey())));
      counts.push(ends.filter(({ status }) => status === 'fulfilled').length);
      const refused = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      for (const reason of refused) expect(reason).toBeInstanceOf(InvalidConfig);
    }
    return counts;
  }

  it('are refused but for one', async () =>
    expect(await letIn(claimMasterKey)).toEqual(Array.from({ length: rounds }, () => 1)));

  it('would all go on, were there nothing but the look at what is there', async () =>
    expect(await letIn(assertOneMasterKey)).toEqual(Array.from({ length: rounds }, () => atOnce)));
});
