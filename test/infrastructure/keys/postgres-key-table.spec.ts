import type { Pool } from 'pg';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { PostgresKeyTable } from '../../../src/infrastructure/keys/postgres-key-table.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import type { TestDatabase } from '../../support/database.js';
import { createTestDatabase } from '../../support/database.js';

type Query = readonly [sql: string, parameters: readonly unknown[]];

const subjects = ['1', '2', '3', '4'].map((digit) => `${digit.repeat(8)}-1111-4111-8111-111111111111`);
const wrappedBytes = 12 + 32 + 16;

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool(database.url, { applicationName: 'key table' });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const run = async ([sql, parameters]: Query): Promise<unknown[]> =>
  (await pool.query(sql, [...parameters])).rows;
const wrappedOf = (subject: string): Query =>
  ['SELECT wrapped FROM keys.personal_keys WHERE subject = $1', [subject]];

describe('a key in the database', () => {
  const [subject = ''] = subjects;
  const seal = async (): Promise<SealingKeys> => {
    const keys = new SealingKeys(new PostgresKeyTable(pool), MasterKey.random());
    const at = { stream: `applicant-${subject}`, eventId: subject, field: 'name' };
    await keys.seal({ subject, purpose: 'identity' }, [{ plain: '王小明', at }]);
    return keys;
  };

  it('is wrapped, and gone from its row once destroyed', async () => {
    const keys = await seal();
    const [row] = await run(wrappedOf(subject)) as [{ wrapped: Buffer }];
    expect(row.wrapped).toHaveLength(wrappedBytes);
    await keys.destroy(subject);
    expect(await run(wrappedOf(subject))).toEqual([{ wrapped: null }]);
  });
});

describe('when a key is made while all of a person’s keys are being destroyed', () => {
  const obtain = (subject: string, purpose: string): Query => [
    'SELECT key_id FROM keys.obtain_key($1, $2, gen_random_uuid(), $3)',
    [subject, purpose, Buffer.alloc(wrappedBytes)],
  ];
  const destroy = (subject: string): Query => ['SELECT keys.destroy_keys($1)', [subject]];

  it.each([['a first one', 0], ['one more', 1]])('%s made before is destroyed too', async (_which, known) => {
    const subject = subjects[1 + known] as string;
    if (known > 0) await run(obtain(subject, 'identity'));
    await overlapping(obtain(subject, 'contact'), destroy(subject));
    const destroyed = Array.from({ length: known + 1 }, () => ({ wrapped: null }));
    expect(await run(wrappedOf(subject))).toEqual(destroyed);
  });

  it('none is made after it', async () => {
    const subject = subjects[3] as string;
    await run(obtain(subject, 'identity'));
    expect(await overlapping(destroy(subject), obtain(subject, 'contact'))).toEqual([]);
    expect(await run(wrappedOf(subject))).toEqual([{ wrapped: null }]);
  });
});

/** Begins `second` when `first` is done but not committed; commits once `second` waits, or never did. */
async function overlapping(first: Query, second: Query): Promise<unknown[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(first[0], [...first[1]]);
    let done = false;
    const later = run(second).finally(() => { done = true; });
    while (!done && !await someoneWaits()) { /* a few round trips at most */ }
    await client.query('COMMIT');
    return await later;
  } finally {
    client.release();
  }
}

async function someoneWaits(): Promise<boolean> {
  const sql = `SELECT 1 FROM pg_stat_activity
    WHERE wait_event_type = 'Lock' AND datname = current_database() AND state = 'active'`;
  return (await run([sql, []])).length > 0;
}
