import { InvalidConfig } from '../../../src/infrastructure/config.js';
import { assertOneLog } from '../../../src/infrastructure/event-store/one-log.js';
import { kurrentDefaults } from '../../../src/infrastructure/event-store/kurrent/options.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import type { TestDatabase } from '../../support/database.js';
import { createTestDatabase } from '../../support/database.js';

const kurrent = { url: 'esdb://treasury:secret@nowhere', options: kurrentDefaults };

describe('a database', () => {
  let database: TestDatabase;
  let pool: ReturnType<typeof createPool>;

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = createPool(database.url, { applicationName: 'test', maxConnections: 2 });
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const checkpointAt = (position: string): Promise<unknown> => pool.query(
    "INSERT INTO read.checkpoints (projection, version, position) VALUES ('accounts', 1, $1)", [position]);

  it('that is empty takes either log', async () => {
    await assertOneLog(pool, kurrent);
    await assertOneLog(pool, undefined);
  });

  it('with a log of its own takes no KurrentDB', async () => {
    await pool.query('UPDATE log.head SET position = 7');
    await checkpointAt('7');
    await assertOneLog(pool, undefined);
    const refused = assertOneLog(pool, kurrent);
    await expect(refused).rejects.toThrow(InvalidConfig);
    await expect(refused).rejects.not.toThrow('secret');
  });

  it('with tables of a KurrentDB does not begin a log of its own', async () => {
    await checkpointAt('4611686018427387904');
    await assertOneLog(pool, kurrent);
    await expect(assertOneLog(pool, undefined)).rejects.toThrow('EVENT_STORE_URL: is missing');
  });
});
