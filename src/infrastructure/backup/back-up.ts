import { hkdfSync } from 'node:crypto';
import { pipeline } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { assertOneMasterKey } from '../keys/one-master-key.js';
import { connectClient } from '../postgres/pool.js';
import { longStatement } from '../read-store/long-statement.js';
import type { FileSum, Manifest } from './backup-directory.js';
import {
  createBackupDirectory, dataFile, erasedFile, seal, writeDurably, writeText,
} from './backup-directory.js';
import type { SavedTable } from './saved-tables.js';
import { appliedMigrations, assertAllListed, columnsOf, savedTables } from './saved-tables.js';

export interface BackupOptions {
  readonly databaseUrl: string;
  /** Standard base64. Not saved: only whether a later one is the same. */
  readonly masterKey: string;
  readonly directory: string;
  /** ISO UTC. */
  readonly madeAt: string;
  say(line: string): void;
  readonly signal?: AbortSignal;
}

/** Text large enough that compressing it does not cost more turns of the event loop than work. */
const pieceBytes = 256 * 1024;
const checkBytes = 16;

/**
 * Everything that cannot be made again, as it was at one moment: one snapshot for all tables, so that no fact
 * is saved without its key or its command. Writers and readers notice nothing.
 */
export async function backUp(options: BackupOptions): Promise<Manifest> {
  const { databaseUrl, directory } = options;
  await createBackupDirectory(directory);
  const client = await connectClient(databaseUrl, {
    applicationName: 'treasury backup', statementTimeoutMs: longStatement.query_timeout,
    settings: { TimeZone: 'UTC', DateStyle: 'ISO' },
  });
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await saveSnapshot(client, options);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function saveSnapshot(client: Client, options: BackupOptions): Promise<Manifest> {
  const { directory, masterKey, madeAt, say, signal } = options;
  // A backup marked with a wrong key would be refused with the right one, on the day it is needed.
  await assertOneMasterKey(client, masterKey);
  await assertAllListed(client);
  const { rows: [head] } = await client.query<{ position: string; server: string }>(
    "SELECT position, current_setting('server_version') AS server FROM log.head");
  const tables: Manifest['tables'] = [];
  const sums: FileSum[] = [await saveErased(client, directory)];
  for (const table of savedTables) {
    signal?.throwIfAborted();
    const saved = await saveTable(client, table, directory);
    tables.push(saved.table);
    sums.push(saved.sum);
    say(`${table.name}：${saved.table.rows} 列 rows`);
  }
  const manifest: Manifest = {
    format: 1, madeAt, position: String(head?.position), server: String(head?.server),
    migrations: await appliedMigrations(client), masterKeyCheck: masterKeyCheck(masterKey), tables,
  };
  await seal(directory, manifest, sums);
  return manifest;
}

async function saveTable(client: Client, { name, orderBy }: SavedTable, directory: string): Promise<{
  readonly table: Manifest['tables'][number]; readonly sum: FileSum;
}> {
  const columns = await columnsOf(client, name);
  const copy = Object.assign(
    copyTo(`COPY (SELECT ${columns.join(', ')} FROM ${name} ORDER BY ${orderBy}) TO STDOUT`),
    longStatement, { callback: () => undefined });
  const rows = client.query(copy);
  // The quickest level: half the size again at four times the time is no bargain during a backup window.
  const gzip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: pieceBytes });
  const zipped = pipeline(rows, gatherPieces, gzip, () => undefined);
  const sum = await writeDurably(directory, dataFile(name), zipped);
  // `pg` wraps it to stop its own clock, and a copy stream never calls it: the process would wait for that.
  copy.callback();
  return { table: { name, columns, rows: copy.rowCount }, sum };
}

/** COPY tells every row by itself. */
async function* gatherPieces(rows: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let pieces: Buffer[] = [];
  let bytes = 0;
  for await (const row of rows) {
    pieces.push(row);
    bytes += row.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(pieces, bytes);
    pieces = [];
    bytes = 0;
  }
  yield Buffer.concat(pieces, bytes);
}

/** Apart, and readable: an older backup, once restored, must forget whom a newer one had forgotten. */
async function saveErased(client: Client, directory: string): Promise<FileSum> {
  const { rows } = await client.query<{ subject: string }>(
    'SELECT subject FROM keys.subjects WHERE destroyed_at IS NOT NULL ORDER BY subject');
  return writeText(directory, erasedFile, rows.map(({ subject }) => `${subject}\n`).join(''));
}

export function masterKeyCheck(masterKey: string): string {
  const key = Buffer.from(masterKey, 'base64');
  return Buffer.from(hkdfSync('sha256', key, '', 'backup check', checkBytes)).toString('hex');
}
