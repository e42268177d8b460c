// One throw-away PostgreSQL for the whole run, with the settings the product itself starts its embedded
// one with.
import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../dist/infrastructure/embedded-postgres.js';
import { migrate } from '../../dist/infrastructure/migrations/migrate.js';

export async function startServer() {
  const directory = await mkdtemp(join(tmpdir(), 'treasury-bench-'));
  await chmod(directory, 0o755);
  const server = await startEmbeddedPostgres({ varDirectory: directory, say: () => {} });
  return {
    url: server.url,
    stop: async () => {
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Fresh databases on one server, by name; a leftover of the same name goes. */
export function databasesOn(serverUrl) {
  const urlOf = (name) => Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  const admin = async (...statements) => {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  };
  const empty = async (name) => {
    await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, `CREATE DATABASE ${name}`);
    return urlOf(name);
  };
  return {
    empty,
    migrated: async (name) => {
      const url = await empty(name);
      await migrate(url);
      return url;
    },
    drop: (name) => admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
    /** So that no measurement pays for the writes of the one before it. */
    settle: () => admin('CHECKPOINT'),
  };
}
