import type { Parts } from '../app.module.js';
import { openParts } from '../app.module.js';
import type { Config } from '../infrastructure/config.js';
import { readConfig } from '../infrastructure/config.js';
import { useEmbeddedPostgres } from '../infrastructure/embedded-postgres.js';
import { createLogger } from '../infrastructure/logging.js';
import { migrate } from '../infrastructure/migrations/migrate.js';
import { createReadTables } from '../infrastructure/read-store/read-tables.js';
import type { Projection } from '../projections/projection.js';
import { projections } from '../projections/projections.js';
import { WrongUse } from './command-line.js';

interface Database { readonly url: string; readonly masterKey: string; stop(): Promise<void> }

/**
 * The same log and tables as the service's: the database of DATABASE_URL, or the embedded one, which is
 * started for as long as the command takes when no service runs.
 */
export async function withParts<T>(use: (parts: Parts) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const database = await databaseOf(config);
  try {
    await migrate(database.url);
    const parts = openParts({
      databaseUrl: database.url, masterKey: database.masterKey, connections: config.POOL_SIZE,
      logger: createLogger('silent'), wakeWorker: () => undefined,
    });
    try {
      await createReadTables(parts.pool, projections);
      return await use(parts);
    } finally {
      await parts.close();
    }
  } finally {
    await database.stop();
  }
}

async function databaseOf({ DATABASE_URL: url, MASTER_KEY: masterKey, DATA_DIR }: Config): Promise<Database> {
  if (url !== undefined && masterKey !== undefined) return { url, masterKey, stop: async () => undefined };
  return useEmbeddedPostgres({ varDirectory: DATA_DIR, say: (line) => { console.error(line); } });
}

/** Those named, or all when none is. */
export function projectionsNamed(names: readonly string[]): readonly Projection[] {
  const unknown = names.find((name) => !projections.some((projection) => projection.name === name));
  if (names.length === 0) return projections;
  if (unknown === undefined) return projections.filter(({ name }) => names.includes(name));
  const known = projections.map(({ name }) => name).join(', ');
  throw new WrongUse(`沒有名為 ${unknown} 的表。 There is no table ${unknown}. 現有 / There are: ${known}`);
}
