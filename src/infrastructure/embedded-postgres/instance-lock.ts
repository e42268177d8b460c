import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startOf } from './processes.js';

/** Somebody else serves from this directory already. `address` is where, once it answers. */
export class AlreadyRunning extends Error {
  constructor(readonly pid: number, readonly address: string | null) {
    super(address
      ? `服務已在執行中：${address}（程序 ${pid}）。 Already running at ${address} (process ${pid}).`
      : `另一個程序（${pid}）正在使用此目錄。 Another process (${pid}) is using this directory.`);
    this.name = 'AlreadyRunning';
  }
}

export interface InstanceLock { release(): void }
interface Holder { readonly pid: number; readonly started: string }

/**
 * Long enough for a stop or a start that is under way to end; then the newcomer gives up and says who is
 * there.
 */
const patienceMs = 15_000;
const lockFile = (varDirectory: string): string => join(varDirectory, 'instance.lock');

/**
 * One process at a time serves from a var directory. The lock is a file naming its holder by pid and start
 * time, so that a holder who was killed never keeps anybody out.
 */
export async function takeInstanceLock(varDirectory: string): Promise<InstanceLock> {
  mkdirSync(varDirectory, { recursive: true });
  const file = lockFile(varDirectory);
  const me: Holder = { pid: process.pid, started: startOf(process.pid) ?? 'unknown' };
  const deadline = Date.now() + patienceMs;
  while (!createWhole(file, JSON.stringify(me))) {
    const holder = read(file);
    if (holder === null || startOf(holder.pid) !== holder.started) {
      clearStale(file, holder);
      continue;
    }
    const address = await answeringAddress(varDirectory);
    if (address !== null || Date.now() > deadline) throw new AlreadyRunning(holder.pid, address);
    await pause(200);
  }
  return { release: () => { if (read(file)?.pid === me.pid) rmSync(file, { force: true }); } };
}

/** The live process that holds the lock, or null. */
export function instanceHolder(varDirectory: string): number | null {
  const holder = read(lockFile(varDirectory));
  return holder !== null && startOf(holder.pid) === holder.started ? holder.pid : null;
}

/** Created with its content in one step: nobody ever reads half a lock. */
function createWhole(file: string, content: string): boolean {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Two newcomers may see the same stale lock; the slower one must not take away the faster one's fresh lock.
 */
function clearStale(file: string, seen: Holder | null): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const taken = read(aside);
  if (JSON.stringify(taken) !== JSON.stringify(seen)) linkSync(aside, file);
  rmSync(aside, { force: true });
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** The address in ready.json, when a service answers there: the file may be left over from a killed one. */
async function answeringAddress(varDirectory: string): Promise<string | null> {
  try {
    const { url } = JSON.parse(readFileSync(join(varDirectory, 'ready.json'), 'utf8')) as { url: string };
    await fetch(new URL('/health/live', url), { signal: AbortSignal.timeout(2_000) });
    return url;
  } catch {
    return null;
  }
}

