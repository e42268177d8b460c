import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * When a process began, in whatever unit the system tells; null when there is no such process. Pids are used
 * again (in a container within seconds), so a pid alone never proves that a process is the one we remember.
 */
export function startOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  if (process.platform === 'linux') return readProc(pid, 'stat')?.replace(/^.*\) /, '').split(' ')[19] ?? null;
  if (process.platform === 'win32') return 'unknown';
  return ps(pid, 'lstart=');
}

/**
 * Whether the process is a PostgreSQL server on this very data directory: only such a one is ours to stop.
 */
export function isPostgresOn(dataDirectory: string, pid: number): boolean {
  if (!isAlive(pid)) return false;
  if (process.platform === 'win32') return false;
  if (process.platform !== 'linux') return ps(pid, 'command=')?.includes(dataDirectory) ?? false;
  if (!readProc(pid, 'cmdline')?.split('\0')[0]?.endsWith('postgres')) return false;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(dataDirectory);
  } catch {
    return false;
  }
}

/** Waits for the end of a process that need not be our child; false when it has not ended by then. */
export async function endedWithin(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await pause(50);
  }
  return true;
}

/** A killed process that nobody has waited for yet (a zombie) counts as ended: it holds nothing any more. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return readProc(pid, 'stat')?.replace(/^.*\) /, '')[0] !== 'Z';
}

function readProc(pid: number, file: 'stat' | 'cmdline'): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}

function ps(pid: number, column: string): string | null {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}
