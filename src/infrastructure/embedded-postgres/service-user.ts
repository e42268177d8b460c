import { execFileSync, spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** Whom PostgreSQL runs as; empty when it may simply run as we do. */
export interface ServiceUser { readonly uid?: number; readonly gid?: number }

const serviceName = 'postgres';

/**
 * PostgreSQL refuses to run as root. When we are root (as in most containers) it runs as the owner of the
 * data that is already there, or else as the system's `postgres` user, which is created when it is missing.
 */
export function serviceUser(dataDirectory: string): ServiceUser {
  if (process.getuid?.() !== 0) return {};
  const owner = statSync(dataDirectory, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp() ?? create();
}

/** Asked of the system itself, as that user: modes, groups and access lists all count. */
export function mayEnter(user: ServiceUser, directory: string): boolean {
  const attempt = ['-c', 'cd "$1"', 'sh', directory];
  return spawnSync('/bin/sh', attempt, { ...user, cwd: '/', stdio: 'ignore' }).status === 0;
}

function lookUp(): ServiceUser | null {
  const id = (flag: string): number => Number(execFileSync('id', [flag, serviceName], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'],
  }));
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

function create(): ServiceUser {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', serviceName], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(
      'PostgreSQL 不可用 root 執行，且無法建立 postgres 使用者；請改以一般使用者執行，或設定 DATABASE_URL。 '
      + 'PostgreSQL refuses to run as root and the user "postgres" could not be created: '
      + 'run as an ordinary user, or set DATABASE_URL.', { cause: error });
  }
  const created = lookUp();
  if (!created) throw new Error('the user "postgres" was created and cannot be found');
  return created;
}
