// A PostgreSQL of our own with the settings of the embedded one, and the means to end it as a power cut does.
import { chmodSync, chownSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { keptPort } from './kept-port.mjs';

const password = 'only-on-loopback';
const readyMs = 60_000;
const lookEveryMs = 20;

export async function startPostgres(copy, directory) {
  const { initialise, launch, superuser } = await copy.load(
    'infrastructure/embedded-postgres/server.js');
  const { serviceUser } = await copy.load('infrastructure/embedded-postgres/service-user.js');
  const { findBinaries } = await copy.load('infrastructure/embedded-postgres/binaries.js');
  mkdirSync(directory, { recursive: true });
  chmodSync(directory, 0o755);
  const user = serviceUser(directory);
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid);
  const binaries = findBinaries(user, directory, () => undefined);
  const files = { data: join(directory, 'data'), log: join(directory, 'postgres.log') };
  initialise(binaries, files, user, password);
  const port = await keptPort(copy);
  const server = new FaultyPostgres(() => launch(binaries, files, user, port), { port, superuser });
  await server.start();
  return server;
}

class FaultyPostgres {
  #child;

  constructor(launch, { port, superuser }) {
    this.launch = launch;
    this.urlOf = (database) => `postgres://${superuser}:${password}@127.0.0.1:${port}/${database}`;
    // However we end, short of SIGKILL, the server does not stay behind.
    process.once('exit', () => this.#child?.kill('SIGQUIT'));
  }

  /** Resolves when it answers. A start refused while the last one's memory is still held is tried again. */
  async start() {
    const deadline = Date.now() + readyMs;
    for (this.#child = this.launch(); !await this.answers(); await pause(lookEveryMs)) {
      if (Date.now() > deadline) throw new Error('PostgreSQL did not come back');
      if (this.#child.exitCode !== null) this.#child = this.launch();
    }
  }

  async answers() {
    const connectionString = this.urlOf('postgres');
    const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('SELECT 1');
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  async create(database) {
    const client = new pg.Client({ connectionString: this.urlOf('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE ${database}`);
    await client.end();
    return this.urlOf(database);
  }

  /**
   * SIGKILL for the server and every process of it, by pid: nothing is flushed, nothing said to any client.
   * The server goes first, or it would take the end of a child for a reason to start again by itself.
   */
  async crash() {
    const { pid } = this.#child;
    const children = childrenOf(pid);
    await this.#end('SIGKILL', () => children.forEach(kill));
  }

  async stop() {
    const { exitCode, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) await this.#end('SIGINT', () => undefined);
  }

  async #end(signal, also) {
    const server = this.#child;
    const gone = once(server, 'exit');
    // The product lets go of its server; we wait for its end.
    server.ref();
    server.kill(signal);
    also();
    await gone;
  }
}

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** PostgreSQL's processes lead sessions of their own, so the group of the server does not hold them. */
function childrenOf(parent) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')[1]);
  } catch {
    return null;
  }
}
