import type pg from 'pg';
import { connectClient } from '../postgres/pool.js';
import { migrations } from './migrations.js';

/** Any constant does, as long as every version of the service uses the same one. */
const migrationLock = 7_305_001;
const appliedMigrations = 'applied_migrations';
/** How long a second process waits for the first one's migrations before it gives up. */
const waitForOtherProcessMs = 120_000;
/** A migration that cannot get its table lock fails and is tried again at the next start. */
const lockTimeoutMs = 30_000;
const connectTimeoutMs = 5_000;

/**
 * Brings the database up to date. Any number of processes may call it at once: one works, the others wait.
 */
export async function migrate(databaseUrl: string): Promise<void> {
  const guard = await connectClient(databaseUrl, {
    applicationName: 'treasury migrations',
    lockTimeoutMs: waitForOtherProcessMs,
    statementTimeoutMs: waitForOtherProcessMs,
  });
  try {
    await guard.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    if (!await areAllApplied(guard)) await runPending(databaseUrl);
  } finally {
    // Ending the session releases the lock, also when the process is killed.
    await guard.end();
  }
}

async function areAllApplied(client: pg.ClientBase): Promise<boolean> {
  const { rows: [{ exists }] } = await client.query<{ exists: boolean }>(
    'SELECT to_regclass($1) IS NOT NULL AS exists', [appliedMigrations]);
  if (!exists) return false;
  const { rows } = await client.query<{ name: string }>(`SELECT name FROM ${appliedMigrations}`);
  const applied = new Set(rows.map(({ name }) => name));
  return migrations.every((Migration) => applied.has(new Migration().name));
}

async function runPending(databaseUrl: string): Promise<void> {
  // Loaded only where there is something to do: it is a third of what a process that is back after a crash
  // has to load before its first answer.
  const { DataSource } = await import('typeorm');
  const source = new DataSource({
    type: 'postgres',
    url: databaseUrl,
    applicationName: 'treasury migrations',
    migrations: [...migrations],
    migrationsTableName: appliedMigrations,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    poolErrorHandler: () => undefined,
    // No statement timeout: building an index over a large table takes what it takes.
    extra: { lock_timeout: lockTimeoutMs, connectionTimeoutMillis: connectTimeoutMs, keepAlive: true },
  });
  await source.initialize();
  try {
    await source.runMigrations();
  } finally {
    await source.destroy();
  }
}
