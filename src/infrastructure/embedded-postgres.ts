import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from './embedded-postgres/binaries.js';
import { findBinaries } from './embedded-postgres/binaries.js';
import { AlreadyRunning, instanceHolder, takeInstanceLock } from './embedded-postgres/instance-lock.js';
import { choosePlace, dataDirectoryOf, remember, rememberedPlace } from './embedded-postgres/place.js';
import type { Place } from './embedded-postgres/place.js';
import type { ServerFiles } from './embedded-postgres/server.js';
import {
  clearLeftovers, freePort, initialise, lastLines, launch, stopProcess, superuser,
} from './embedded-postgres/server.js';
import type { ServiceUser } from './embedded-postgres/service-user.js';
import { localMasterKey, localSecret } from './local-secret.js';

export { AlreadyRunning };

export interface EmbeddedPostgres {
  readonly url: string;
  readonly dataDirectory: string;
  /**
   * Base64; wraps the keys of personal data. Kept beside the data, for neither is of use without the other.
   */
  readonly masterKey: string;
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  readonly varDirectory: string;
  /** Tells the person at the terminal, one line at a time. */
  say(line: string): void;
  /**
   * The server ended without being asked to (killed, out of memory, disk full): nothing works from here on.
   */
  onUnexpectedEnd?(message: string): void;
}

const database = 'treasury';
/**
 * A server that recovers from a kill replays its log first; one whose orphans still run refuses for a moment.
 */
const readyMs = 120_000;
const attempts = 5;

/**
 * Starts the PostgreSQL of this var directory, whatever state an earlier run left it in, and waits until it
 * answers. Throws `AlreadyRunning` when a live process serves from the directory.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const lock = await takeInstanceLock(options.varDirectory);
  try {
    const { place, user } = choosePlace(options.varDirectory, options.say);
    const binaries = findBinaries(user, place.directory, options.say);
    const files = filesOf(place);
    initialise(binaries, files, user, passwordOf(place));
    await clearLeftovers(files, options.say);
    const server = await launchUntilReady(binaries, files, user, place);
    remember(options.varDirectory, { ...place, port: server.port });
    options.say(`PostgreSQL 已啟動：埠 ${server.port}，資料在 ${files.data}。 `
      + `PostgreSQL runs on port ${server.port}, data in ${files.data}.`);
    return running({ ...place, port: server.port }, supervised(server.child, files, options, lock.release));
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * The server of a running service when there is one, else one of our own until `stop`: for the command line.
 */
export async function useEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const there = await serverOfRunningService(options.varDirectory);
  if (there) return there;
  try {
    return await startEmbeddedPostgres(options);
  } catch (error) {
    // A service that was only just starting when we looked.
    const late = error instanceof AlreadyRunning ? await serverOfRunningService(options.varDirectory) : null;
    if (late) return late;
    throw error;
  }
}

async function serverOfRunningService(varDirectory: string): Promise<EmbeddedPostgres | null> {
  const place = rememberedPlace(varDirectory);
  if (!place?.port || instanceHolder(varDirectory) === null) return null;
  return await answers(urlOf(place), 5_000) ? running(place, async () => {}) : null;
}

function running(place: Place, stop: () => Promise<void>): EmbeddedPostgres {
  return {
    url: urlOf(place, database),
    dataDirectory: dataDirectoryOf(place),
    masterKey: localMasterKey(place.directory),
    stop,
  };
}

const filesOf = (place: Place): ServerFiles =>
  ({ data: dataDirectoryOf(place), log: join(place.directory, 'postgres.log') });

const passwordOf = (place: Place): string => localSecret(place.directory, 'postgres-password');

const urlOf = (place: Place, name = 'postgres'): string =>
  `postgres://${superuser}:${encodeURIComponent(passwordOf(place))}@127.0.0.1:${place.port}/${name}`;

/**
 * The port may be taken between our look and PostgreSQL's; orphaned sessions may hold its memory a little
 * longer.
 */
async function launchUntilReady(
  binaries: Binaries, files: ServerFiles, user: ServiceUser, place: Place,
): Promise<{ child: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? place.port : null);
    const child = launch(binaries, files, user, port);
    if (await answersOrEnds(child, urlOf({ ...place, port }))) return { child, port };
    if (attempt === attempts) {
      throw new Error(`PostgreSQL 無法啟動，記錄在 ${files.log}： PostgreSQL did not start, see ${files.log}:\n`
        + lastLines(files.log));
    }
    await pause(attempt * 1_000);
  }
}

async function answersOrEnds(child: ChildProcess, url: string): Promise<boolean> {
  const deadline = Date.now() + readyMs;
  let ended = false;
  child.once('exit', () => { ended = true; });
  child.once('error', () => { ended = true; });
  while (!ended && Date.now() < deadline) {
    if (await answers(url, 2_000)) return true;
    await pause(50);
  }
  if (!ended && child.pid) await stopProcess(child.pid);
  return false;
}

/** Reached, let in, and with the database of ours in it. */
async function answers(url: string, timeoutMs: number): Promise<boolean> {
  const client = new pg.Client({
    connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [database]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${database}`);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/**
 * Stops the server once, with us or without us; whatever ends this process short of SIGKILL ends the server
 * too.
 */
function supervised(
  child: ChildProcess, files: ServerFiles, { onUnexpectedEnd }: EmbeddedPostgresOptions, release: () => void,
): () => Promise<void> {
  let stopping: Promise<void> | null = null;
  const onOurExit = (): void => { child.kill('SIGINT'); release(); };
  process.once('exit', onOurExit);
  child.once('exit', () => {
    if (stopping) return;
    onUnexpectedEnd?.(`PostgreSQL 意外停止，記錄在 ${files.log}。 PostgreSQL ended unexpectedly, see ${files.log}:\n`
      + lastLines(files.log));
  });
  const stop = async (): Promise<void> => {
    if (child.pid && child.exitCode === null && child.signalCode === null) await stopProcess(child.pid);
    process.removeListener('exit', onOurExit);
    release();
  };
  return () => stopping ??= stop();
}
