import pg from 'pg';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import { PostgresReadStore } from '../../src/infrastructure/read-store/postgres-read-store.js';
import { createReadTables } from '../../src/infrastructure/read-store/read-tables.js';
import { projections } from '../../src/projections/projections.js';
import { anybody, staff } from '../../src/projections/viewer.js';
import type { RestartablePostgres } from '../support/restartable-postgres.mjs';
import { startRestartablePostgres } from '../support/restartable-postgres.mjs';

const password = 'only-on-loopback';
let server: RestartablePostgres;
beforeAll(async () => { server = await startRestartablePostgres(); });
afterAll(() => server.stop());

async function asAdministrator(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

/** A database of a user who is no superuser, as a hosted PostgreSQL hands it out. */
async function databaseOf(user: string, rights: string): Promise<string> {
  await asAdministrator(
    `CREATE ROLE ${user} LOGIN PASSWORD '${password}' ${rights}`, `CREATE DATABASE ${user} OWNER ${user}`);
  const url = new URL(server.url);
  [url.username, url.pathname] = [user, `/${user}`];
  await migrate(url.href);
  return url.href;
}

async function started(url: string): Promise<readonly number[]> {
  const pool = createPool(url, { applicationName: 'roles under test', maxConnections: 2 });
  try {
    await createReadTables(pool, projections);
    await createReadTables(pool, projections);
    await pool.query(`INSERT INTO read.payment_batches SELECT (jsonb_populate_record(
      NULL::read.payment_batches, to_jsonb(d))).* FROM (SELECT ${await anyRow(pool)}) AS d`);
    const store = new PostgresReadStore(pool);
    const asked = [staff, anybody].map((viewer) => store.query(viewer, 'SELECT * FROM read.payment_batches'));
    return (await Promise.all(asked)).map((rows) => rows.length);
  } finally {
    await pool.end();
  }
}

/** Something in every column that must not be empty. */
async function anyRow(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ cell: string }>(`
    SELECT CASE format_type(atttypid, NULL) WHEN 'uuid' THEN 'gen_random_uuid()'
      WHEN 'text' THEN quote_literal('x')
      WHEN 'date' THEN 'current_date' WHEN 'boolean' THEN 'true' ELSE '1' END || ' AS ' || attname AS cell
    FROM pg_attribute WHERE attrelid = 'read.payment_batches'::regclass AND attnum > 0 AND attnotnull`);
  return rows.map(({ cell }) => cell).join(', ');
}

describe('a database user who is no superuser', () => {
  it('makes the roles of viewers where it may, and becomes them', async () =>
    expect(await started(await databaseOf('maker', 'CREATEROLE'))).toEqual([1, 0]));

  it('is told what its administrator has to do where it may not, and then works', async () => {
    await asAdministrator(
      'DROP DATABASE maker', 'DROP ROLE treasury_person, treasury_staff', 'DROP ROLE maker');
    const url = await databaseOf('plain', '');
    const help = 'CREATE ROLE treasury_person NOLOGIN; GRANT treasury_person TO';
    await expect(started(url)).rejects.toThrow(help);
    const roles = 'treasury_person, treasury_staff';
    await asAdministrator('CREATE ROLE treasury_person NOLOGIN', 'CREATE ROLE treasury_staff NOLOGIN');
    await expect(started(url)).rejects.toThrow('GRANT treasury_person TO');
    await asAdministrator(`GRANT ${roles} TO plain`);
    expect(await started(url)).toEqual([1, 0]);
  });

  it('refuses roles to which no policy applies', async () => {
    await asAdministrator('ALTER ROLE treasury_staff BYPASSRLS');
    const url = new URL(server.url);
    [url.username, url.pathname] = ['plain', '/plain'];
    await expect(started(url.href)).rejects.toThrow('treasury_staff must be');
  });
});
