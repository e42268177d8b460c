import type { Config } from '../infrastructure/config.js';
import { readConfig } from '../infrastructure/config.js';
import { useEmbeddedPostgres } from '../infrastructure/embedded-postgres.js';

export interface Database { readonly url: string; readonly masterKey: string }

/**
 * The service's database and the key to its personal data: those of the configuration, or the embedded one,
 * which is started for as long as the command takes when no service runs.
 */
export async function withDatabase<T>(use: (database: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env);
  const { DATABASE_URL: url, MASTER_KEY: masterKey, DATA_DIR } = config;
  if (url !== undefined && masterKey !== undefined) return use({ url, masterKey }, config);
  const say = (line: string): void => { console.error(line); };
  const embedded = await useEmbeddedPostgres({ varDirectory: DATA_DIR, say });
  try {
    return await use({ url: embedded.url, masterKey: masterKey ?? embedded.masterKey }, config);
  } finally {
    await embedded.stop();
  }
}
