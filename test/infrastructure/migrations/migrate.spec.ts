import { migrate } from '../../../src/infrastructure/migrations/migrate.js';
import { migrations } from '../../../src/infrastructure/migrations/migrations.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import { createEmptyTestDatabase } from '../../support/database.js';

it('any number of processes may migrate at once: each migration runs once', async () => {
  const database = await createEmptyTestDatabase();
  await Promise.all([1, 2, 3, 4].map(() => migrate(database.url)));
  await migrate(database.url);
  const pool = createPool(database.url, { applicationName: 'migrate spec' });
  const { rows } = await pool.query<{ name: string }>('SELECT name FROM applied_migrations ORDER BY id');
  await pool.end();
  await database.drop();
  expect(rows.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
});
