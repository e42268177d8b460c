import type { Parts } from '../app.module.js';
import { openParts } from '../app.module.js';
import { assertOneLog } from '../infrastructure/event-store/one-log.js';
import { kurrentServerOf } from '../infrastructure/event-store/open-event-store.js';
import { claimMasterKey } from '../infrastructure/keys/one-master-key.js';
import { createLogger } from '../infrastructure/logging.js';
import { migrate } from '../infrastructure/migrations/migrate.js';
import { createReadTables } from '../infrastructure/read-store/read-tables.js';
import type { Projection } from '../projections/projection.js';
import { projections } from '../projections/projections.js';
import { WrongUse } from './command-line.js';
import { withDatabase } from './database.js';

/** The same log and tables as the service's. */
export function withParts<T>(use: (parts: Parts) => Promise<T>): Promise<T> {
  return withDatabase(async ({ url, masterKey }, config) => {
    await migrate(url);
    const kurrent = kurrentServerOf(config);
    const parts = openParts({
      databaseUrl: url, kurrent, masterKey, connections: config.POOL_SIZE,
      logger: createLogger('silent'), wakeWorker: () => undefined,
    });
    try {
      await Promise.all([claimMasterKey(parts.pool, masterKey), assertOneLog(parts.pool, kurrent)]);
      await createReadTables(parts.pool, projections);
      return await use(parts);
    } finally {
      await parts.close();
    }
  });
}

/** Those named, or all when none is. */
export function projectionsNamed(names: readonly string[]): readonly Projection[] {
  const unknown = names.find((name) => !projections.some((projection) => projection.name === name));
  if (names.length === 0) return projections;
  if (unknown === undefined) return projections.filter(({ name }) => names.includes(name));
  const known = projections.map(({ name }) => name).join(', ');
  throw new WrongUse(`沒有名為 ${unknown} 的表。 There is no table ${unknown}. 現有 / There are: ${known}`);
}
