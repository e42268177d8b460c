import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from '../../src/infrastructure/embedded-postgres/binaries.ts';
import { serviceUser } from '../../src/infrastructure/embedded-postgres/service-user.ts';

const password = 'only-on-loopback';
const portAttempts = 5;
const restartAttempts = 40;
const restartPauseMs = 100;
const settings = [
  'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200',
].flatMap((setting) => ['-c', setting]);

/**
 * One throw-away PostgreSQL with fsync on, so that what the tests see is what production does. Started by an
 * account of the system's when the tests run as root, from binaries which that account can reach: a checkout
 * below /root is closed to it.
 */
export async function startPostgresServer() {
  const parent = await mkdtemp(join(tmpdir(), 'treasury-test-postgres-'));
  await chmod(parent, 0o755);
  const data = join(parent, 'data');
  const user = serviceUser(data);
  const binaries = findBinaries(user, join(parent, 'postgres'), () => undefined);
  await initialise(binaries, data, user);
  const server = new Server(binaries.postgres, data, user);
  await server.start();
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${server.port}/postgres`,
    stop: async () => {
      await server.stop('SIGINT');
      await rm(parent, { recursive: true, force: true });
    },
    restart: async (how) => {
      // A crash as a power cut would be: no checkpoint, recovery from the write-ahead log at the next start.
      await server.stop(how === 'crash' ? 'SIGKILL' : 'SIGINT');
      await server.startAgain();
    },
  };
}

async function initialise({ initdb }, data, user) {
  await mkdir(data);
  const passwordFile = `${data}.password`;
  await writeFile(passwordFile, `${password}\n`);
  if (user.uid !== undefined) await chown(data, user.uid, user.gid);
  const flags = ['--encoding=UTF8', '--locale=C', '--auth=password', '--username=postgres'];
  const { status, error, stderr } = spawnSync(
    initdb, ['--pgdata', data, '--pwfile', passwordFile, ...flags], { ...user, cwd: '/', encoding: 'utf8' });
  if (status !== 0) throw new Error(`initdb: ${error?.message ?? stderr}`);
}

class Server {
  port = 0;
  #process;
  #log = [];

  constructor(postgres, data, user) {
    Object.assign(this, { postgres, data, user });
    // Should we end without having been asked to, the server does not stay behind.
    process.once('exit', () => this.#process?.kill('SIGINT'));
  }

  async start() {
    for (let attempt = 1; ; attempt++) {
      this.port = await freePort();
      if (await this.#launch()) return;
      if (attempt === portAttempts) throw new Error(`PostgreSQL did not start: ${this.#log.join('')}`);
    }
  }

  /** After a crash the port stays, and the server's last processes hold its shared memory for a moment. */
  async startAgain() {
    for (let attempt = 1; ; attempt++) {
      if (await this.#launch()) return;
      if (attempt === restartAttempts) {
        throw new Error(`PostgreSQL did not start again: ${this.#log.join('')}`);
      }
      await new Promise((resolve) => setTimeout(resolve, restartPauseMs));
    }
  }

  async stop(signal) {
    const server = this.#process;
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill(signal);
    await gone;
  }

  /** Whether it came up; its last words stay in the log. */
  #launch() {
    const server = spawn(this.postgres, ['-D', this.data, '-p', String(this.port), ...settings], {
      ...this.user, cwd: this.data, stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, LC_ALL: 'C' },
    });
    this.#process = server;
    return new Promise((resolve) => {
      server.once('error', (error) => {
        this.#note(String(error));
        resolve(false);
      });
      server.once('exit', () => resolve(false));
      server.stderr.setEncoding('utf8').on('data', (words) => {
        this.#note(words);
        if (words.includes('database system is ready to accept connections')) resolve(true);
      });
    });
  }

  #note(words) {
    this.#log = [...this.#log, words].slice(-20);
  }
}

/**
 * A port nobody listens on now. Somebody may take it before PostgreSQL does, hence the attempts in `start`.
 */
async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
