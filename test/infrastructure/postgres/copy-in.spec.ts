import type pg from 'pg';
import { copyIn } from '../../../src/infrastructure/postgres/copy-in.js';
import { connectClient } from '../../../src/infrastructure/postgres/pool.js';
import type { TestDatabase } from '../../support/database.js';
import { createTestDatabase } from '../../support/database.js';

const rows = (from: number, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, index) => `${from + index}\t${'x'.repeat(700)}\n`).join(''));

describe('COPY from the service', () => {
  let database: TestDatabase;
  let client: pg.Client;
  const copy = (chunks: Parameters<typeof copyIn>[2]): Promise<number> =>
    copyIn(client, 'COPY copied FROM STDIN', chunks);
  const stored = async (): Promise<number> =>
    Number((await client.query<{ count: string }>('SELECT count(*) FROM copied')).rows[0]?.count);

  beforeAll(async () => {
    database = await createTestDatabase();
    client = await connectClient(database.url, { applicationName: 'copy spec' });
    await client.query('CREATE TABLE copied (number int PRIMARY KEY, text text)');
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  it('stores what it is given in any number of chunks, and says how many rows', async () => {
    expect(await copy([rows(0, 1_000), Buffer.alloc(0), rows(1_000, 20_000)])).toBe(21_000);
    expect(await stored()).toBe(21_000);
  });

  it('refused half-way stores nothing, and the connection goes on', async () => {
    await expect(copy([rows(30_000, 10), rows(0, 20_000), rows(50_000, 20_000)])).rejects.toMatchObject({
      code: '23505',
    });
    expect(await stored()).toBe(21_000);
  });

  it('whose source fails stores nothing, says why, and the connection goes on', async () => {
    async function* failing(): AsyncIterable<Buffer> {
      yield rows(60_000, 10);
      throw new Error('the file ended in the middle of a line');
    }
    await expect(copy(failing())).rejects.toThrow('the file ended in the middle of a line');
    expect(await stored()).toBe(21_000);
  });

  it('on a connection that is cut fails instead of waiting', async () => {
    const doomed = await connectClient(database.url, { applicationName: 'doomed' });
    async function* cutting(): AsyncIterable<Buffer> {
      yield rows(70_000, 10);
      await client.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE application_name = 'doomed' AND datname = current_database()`);
      for (let round = 0; round < 100; round++) yield rows(80_000, 1_000);
    }
    await expect(copyIn(doomed, 'COPY copied FROM STDIN', cutting())).rejects.toThrow();
    expect(await stored()).toBe(21_000);
  });
});
