import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync, chmodSync, chownSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from '../../../src/infrastructure/embedded-postgres/binaries.js';
import { findBinaries } from '../../../src/infrastructure/embedded-postgres/binaries.js';
import { freePort } from '../../../src/infrastructure/embedded-postgres/server.js';
import type { ServiceUser } from '../../../src/infrastructure/embedded-postgres/service-user.js';
import { serviceUser } from '../../../src/infrastructure/embedded-postgres/service-user.js';
import { PostgresEventStore } from '../../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { migrate } from '../../../src/infrastructure/migrations/migrate.js';

const superuser = 'treasury';
const startMs = 30_000;

/** A setting of the file that operators use, with its archive where the test keeps one. */
function settingOf(name: string, archive: string): string {
  const text = readFileSync(join(process.cwd(), 'deploy/compose/postgres/postgresql.conf'), 'utf8');
  const [, value] = new RegExp(`^${name} = '?(.*?)'?$`, 'm').exec(text) ?? [];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value.replaceAll('/archive', archive);
}

/** One server on one data directory, until `stop`. */
class Cluster {
  private server: ChildProcess | null = null;
  private words = '';
  url = '';

  constructor(
    readonly data: string, private readonly binaries: Binaries, private readonly user: ServiceUser,
    private readonly archive: string,
  ) {}

  async start(): Promise<this> {
    const port = await freePort(null);
    const given = ['wal_level', 'archive_mode', 'archive_command', 'restore_command']
      .map((name) => `${name}=${settingOf(name, this.archive)}`);
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', ...given];
    const options = ['-D', this.data, '-p', String(port), ...settings.flatMap((each) => ['-c', each])];
    const stdio: StdioOptions = ['ignore', 'ignore', 'pipe'];
    this.server = spawn(this.binaries.postgres, options, { ...this.user, cwd: this.data, stdio });
    this.server.stderr?.on('data', (chunk: Buffer) => { this.words += chunk.toString(); });
    this.url = `postgres://${superuser}@127.0.0.1:${port}/postgres`;
    const deadline = Date.now() + startMs;
    // Ready when it may be written to: until then it recovers.
    while (await this.one('SELECT NOT pg_is_in_recovery() AS ready').catch(() => null) !== true) {
      if (Date.now() > deadline) throw new Error(`PostgreSQL did not come up: ${this.words}`);
      await delay(50);
    }
    return this;
  }

  async one(sql: string): Promise<unknown> {
    return this.session(async (client) => {
      const { rows: [row] } = await client.query<Record<string, unknown>>(sql);
      return Object.values(row ?? {})[0];
    });
  }

  async session<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  async stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
    const { server } = this;
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }
}

describe('a base backup with archived log', () => {
  const parent = mkdtempSync(join(tmpdir(), 'treasury-point-in-time-'));
  const archive = join(parent, 'archive');
  const clusters: Cluster[] = [];
  chmodSync(parent, 0o755);
  const user = serviceUser(join(parent, 'first'));
  const binaries = findBinaries(user, join(parent, 'postgres'), () => undefined);

  /** The server opens some of them for writing, also those it only reads. */
  const owned = (path: string): string => {
    if (user.uid !== undefined && user.gid !== undefined) chownSync(path, user.uid, user.gid);
    return path;
  };
  const ownDirectory = (path: string): string => {
    mkdirSync(path, { mode: 0o700 });
    return owned(path);
  };
  const cluster = (name: string): Cluster => {
    const made = new Cluster(join(parent, name), binaries, user, archive);
    clusters.push(made);
    return made;
  };
  const append = async (url: string): Promise<string> => {
    const store = new PostgresEventStore(url);
    const events = [{ id: randomUUID(), type: 'PaymentRecorded', version: 1, payload: '{}' }];
    const meta = { commandId: randomUUID(), fingerprint: 'f', metadata: '{}' };
    const result = await store.append(
      [{ stream: `payment-${randomUUID()}`, expectedRevision: -1, events }], meta);
    await store.close();
    if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
    return String(result.position);
  };
  /** As pg_basebackup does it: every file but the log, between start and stop; then the label. */
  const copyCluster = (from: Cluster, to: string): Promise<void> => from.session(async (client) => {
    await client.query("SELECT pg_backup_start('test', fast => true)");
    const copied = spawnSync('cp', ['-a', `${from.data}/.`, to], { ...user, cwd: '/' });
    // A file that the server removed meanwhile is no failure of a base backup.
    expect(copied.error).toBeUndefined();
    const { rows: [stopped] } = await client.query<{ labelfile: string }>(
      'SELECT labelfile FROM pg_backup_stop(wait_for_archive => true)');
    for (const file of readdirSync(join(to, 'pg_wal'))) {
      if (/^[0-9A-F]{24}/.test(file)) rmSync(join(to, 'pg_wal', file));
    }
    rmSync(join(to, 'postmaster.pid'), { force: true });
    writeFileSync(join(to, 'backup_label'), String(stopped?.labelfile));
    owned(join(to, 'backup_label'));
  });

  beforeAll(() => {
    ownDirectory(archive);
    const flags = ['--username', superuser, '--auth=trust', '--encoding=UTF8', '--locale=C'];
    const { status, stderr } = spawnSync(
      binaries.initdb, ['--pgdata', ownDirectory(join(parent, 'first')), ...flags], { ...user, cwd: '/' });
    if (status !== 0) throw new Error(String(stderr));
  });
  afterAll(async () => {
    for (const each of clusters) await each.stop('SIGINT');
    rmSync(parent, { recursive: true, force: true });
  });

  it('brings back the moment that is asked for, from a server that was killed', async () => {
    const first = await cluster('first').start();
    await migrate(first.url);
    await append(first.url);
    const copy = ownDirectory(join(parent, 'second'));
    await copyCluster(first, copy);
    expect(await append(first.url)).toBe('2');
    const moment = String(await first.one('SELECT clock_timestamp()::text'));
    expect(await append(first.url)).toBe('3');
    const segment = String(await first.one('SELECT pg_walfile_name(pg_switch_wal())'));
    while (!readdirSync(archive).includes(`${segment}.gz`)) await delay(50);
    await first.stop('SIGKILL');

    writeFileSync(join(copy, 'recovery.signal'), '');
    owned(join(copy, 'recovery.signal'));
    appendFileSync(join(copy, 'postgresql.conf'),
      `\nrecovery_target_time = '${moment}'\nrecovery_target_action = promote\n`);
    const second = await cluster('second').start();
    expect(await second.one('SELECT position FROM log.head')).toBe('2');
    expect(await second.one('SELECT count(*) FROM log.events')).toBe('2');
    expect(await append(second.url)).toBe('3');
  }, 120_000);
});
