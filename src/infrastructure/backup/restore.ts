import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Client } from 'pg';
import { migrate } from '../migrations/migrate.js';
import { migrations } from '../migrations/migrations.js';
import { copyIn } from '../postgres/copy-in.js';
import { connectClient } from '../postgres/pool.js';
import { longStatement } from '../read-store/long-statement.js';
import { inTransaction } from '../read-store/transaction.js';
import { masterKeyCheck } from './back-up.js';
import type { Manifest } from './backup-directory.js';
import { UnusableBackup, dataFile, openBackup } from './backup-directory.js';
import { savedTables } from './saved-tables.js';

export interface RestoreOptions {
  readonly databaseUrl: string;
  /** Standard base64. */
  readonly masterKey: string;
  readonly directory: string;
  /** Subjects whose keys are destroyed once restored: who was erased after this backup was made. */
  readonly erased: readonly string[];
  say(line: string): void;
}

/**
 * Loads a backup into a database that holds nothing yet: all of it or, whatever goes wrong, nothing. The read
 * tables follow from the log, and fill when a projector starts.
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { databaseUrl, masterKey, directory } = options;
  const manifest = await openBackup(directory);
  assertFits(manifest, masterKey);
  await migrate(databaseUrl);
  const client = await connectClient(databaseUrl, {
    applicationName: 'treasury restore', statementTimeoutMs: longStatement.query_timeout,
    settings: { TimeZone: 'UTC', DateStyle: 'ISO' },
  });
  try {
    await inTransaction(client, () => load(client, manifest, options));
    // Never analysed, a log of millions is planned as if it were empty.
    for (const { name } of manifest.tables) await client.query(`ANALYZE ${name}`);
  } finally {
    await client.end().catch(() => undefined);
  }
  return manifest;
}

function assertFits(manifest: Manifest, masterKey: string): void {
  if (manifest.masterKeyCheck !== masterKeyCheck(masterKey)) {
    throw new UnusableBackup('MASTER_KEY 不是此備份的。 This is not the MASTER_KEY under which the backup was '
      + 'made: no name, ID number or address in it could be read.');
  }
  const applied = [...manifest.migrations].sort();
  const ours = migrations.map((Migration) => String(new Migration().name)).sort();
  const saved = new Set(manifest.tables.map(({ name }) => name));
  if (ours.join() === applied.join() && savedTables.every(({ name }) => saved.has(name))) return;
  throw new UnusableBackup('備份由另一版本製作。 Another release made this backup: restore it with that release, '
    + `then upgrade. Its migrations: ${applied.join(', ')}. Of this release: ${ours.join(', ')}.`);
}

async function load(client: Client, manifest: Manifest, options: RestoreOptions): Promise<void> {
  // Whoever comes to append waits, and then finds that somebody was faster.
  const { rows: [head] } =
    await client.query<{ position: string }>('SELECT position FROM log.head FOR UPDATE');
  await assertEmpty(client, String(head?.position));
  await client.query('DELETE FROM log.head');
  for (const { name, columns, rows } of manifest.tables) {
    const stored = await copyIn(
      client, `COPY ${name} (${columns.join(', ')}) FROM STDIN`, contentOf(options.directory, name));
    if (stored !== rows) throw new UnusableBackup(`${name}: ${stored} rows instead of ${rows}`);
    options.say(`${name}：${stored} 列 rows`);
  }
  await client.query(`SELECT setval(pg_get_serial_sequence('work.batch_deliveries', 'receipt'),
    coalesce(max(receipt), 0) + 1, false) FROM work.batch_deliveries`);
  await assertWhole(client, manifest.position);
  for (const subject of options.erased) await client.query('SELECT keys.destroy_keys($1)', [subject]);
}

async function assertEmpty(client: Client, head: string): Promise<void> {
  for (const { name } of savedTables.filter(({ name }) => name !== 'log.head')) {
    const { rowCount } = await client.query(`SELECT 1 FROM ${name} LIMIT 1`);
    if (rowCount === 0 && head === '0') continue;
    throw new Error(`此資料庫已有資料（${name}）。 This database holds data already (${name}): `
      + 'a backup is restored into a new one, with no service running on it.');
  }
}

async function* contentOf(directory: string, table: string): AsyncIterable<Buffer> {
  const file = createReadStream(join(directory, dataFile(table)));
  yield* pipeline(file, createGunzip(), () => undefined) as AsyncIterable<Buffer>;
}

/** Positions are dense: as many facts as the head says is the whole log and nothing twice. */
async function assertWhole(client: Client, position: string): Promise<void> {
  const { rows: [found] } = await client.query<Record<'head' | 'count' | 'last', string>>(`
    SELECT (SELECT position FROM log.head) AS head, count(*), coalesce(max(position), 0) AS last
    FROM log.events`);
  if (found?.head === position && found.last === position && found.count === position) return;
  throw new UnusableBackup(`the log of this backup has holes: ${JSON.stringify({ position, ...found })}`);
}
