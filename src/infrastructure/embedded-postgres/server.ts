import type { ChildProcess } from 'node:child_process';
import { spawn, spawnSync } from 'node:child_process';
import {
  chownSync, closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Binaries } from './binaries.js';
import { endedWithin, isAlive, isPostgresOn } from './processes.js';
import type { ServiceUser } from './service-user.js';
import { initdbFlags, serverSettings } from './settings.js';

export const superuser = 'treasury';
const major = '18';
const logLimitBytes = 10 * 1024 ** 2;
/** A shutdown writes out everything not yet on disk; on a slow one that takes a while. */
const stopMs = 60_000;

export interface ServerFiles { readonly data: string; readonly log: string }

/** Made beside and renamed at the end: an interrupted attempt is never taken for a data directory. */
export function initialise(
  { initdb }: Binaries, files: ServerFiles, user: ServiceUser, password: string,
): void {
  if (existsSync(join(files.data, 'PG_VERSION'))) return assertMajor(files.data);
  const draft = `${files.data}.new`;
  rmSync(draft, { recursive: true, force: true });
  const passwordFile = `${files.data}.password`;
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  try {
    const result = spawnSync(
      initdb,
      ['--pgdata', draft, '--username', superuser, '--pwfile', passwordFile, ...initdbFlags],
      { ...user, cwd: '/', encoding: 'utf8' },
    );
    if (result.status !== 0) throw new Error(`initdb: ${result.error?.message ?? result.stderr}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, files.data);
}

function assertMajor(data: string): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (found === major) return;
  throw new Error(`${data} 是 PostgreSQL ${found} 的資料，此版本需要 ${major}。 `
    + `${data} belongs to PostgreSQL ${found}; this version needs ${major}.`);
}

/**
 * Settles what a killed run left: a server without a master is stopped, a pid file without a server is
 * removed.
 */
export async function clearLeftovers({ data }: ServerFiles, say: (line: string) => void): Promise<void> {
  const pidFile = join(data, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  if (isPostgresOn(data, pid)) {
    say(`停止上次遺留的 PostgreSQL（程序 ${pid}）。 `
      + `Stopping the PostgreSQL an earlier run left (process ${pid}).`);
    await stopProcess(pid);
    return;
  }
  // The pid may by now be any other program's, and PostgreSQL would take that one for itself.
  rmSync(pidFile, { force: true });
}

/** SIGINT: sessions are cut, everything is written; SIGQUIT after that leaves the rest to recovery. */
export async function stopProcess(pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (isAlive(pid)) process.kill(pid, signal);
    if (await endedWithin(pid, stopMs)) return;
  }
}

export function launch(
  { postgres }: Binaries, files: ServerFiles, user: ServiceUser, port: number,
): ChildProcess {
  const settings = Object.entries(serverSettings()).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openLog(files.log);
  // A process group of its own: Ctrl-C in the terminal reaches us, and we stop the server after ourselves.
  // Its output goes to a file, not a pipe: if we are killed it must not choke on a closed one.
  const child = spawn(postgres, ['-D', files.data, '-p', String(port), ...settings], {
    ...user,
    cwd: files.data,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, LC_ALL: 'C' },
  });
  closeSync(log);
  child.unref();
  return child;
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logLimitBytes) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

export const lastLines = (file: string, count = 15): string =>
  existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n') : '';

/**
 * The wanted port when it is free, else any free one. Somebody may still be faster: the caller tries again.
 */
export async function freePort(wanted: number | null): Promise<number> {
  if (wanted !== null && await portOpens(wanted) !== null) return wanted;
  const any = await portOpens(0);
  if (any === null) throw new Error('127.0.0.1 has no free port');
  return any;
}

function portOpens(port: number): Promise<number | null> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', () => { settle(null); });
    probe.listen(port, '127.0.0.1', () => {
      const taken = (probe.address() as AddressInfo).port;
      probe.close(() => { settle(taken); });
    });
  });
}

