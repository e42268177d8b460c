import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { EmbeddedPostgres } from '../../src/infrastructure/embedded-postgres.js';
import { startEmbeddedPostgres, useEmbeddedPostgres } from '../../src/infrastructure/embedded-postgres.js';

async function ask(url: string, sql: string): Promise<readonly object[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function listening(port: number): Promise<Server> {
  const server = createServer((_request, response) => { response.end('{}'); });
  await new Promise<void>((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  return server;
}

describe('the embedded PostgreSQL', () => {
  let varDirectory: string;
  let started: EmbeddedPostgres[];
  let said: string[];
  const start = async (onUnexpectedEnd?: (message: string) => void): Promise<EmbeddedPostgres> => {
    const say = (line: string): void => { said.push(line); };
    const server = await startEmbeddedPostgres({ varDirectory, say, onUnexpectedEnd });
    started.push(server);
    return server;
  };
  const pidFile = ({ dataDirectory }: EmbeddedPostgres): string => join(dataDirectory, 'postmaster.pid');
  const pidOf = (server: EmbeddedPostgres): number =>
    Number(readFileSync(pidFile(server), 'utf8').split('\n')[0]);
  const unlock = (): void => { rmSync(join(varDirectory, 'instance.lock')); };

  beforeAll(() => { varDirectory = mkdtempSync(join(tmpdir(), 'treasury-embedded-')); });
  beforeEach(() => {
    started = [];
    said = [];
  });
  afterEach(async () => {
    for (const server of started) await server.stop();
    rmSync(join(varDirectory, 'ready.json'), { force: true });
  });
  afterAll(() => { rmSync(varDirectory, { recursive: true, force: true }); });

  it('keeps data, port, password and master key from one start to the next', async () => {
    const first = await start();
    await ask(first.url, 'CREATE TABLE kept (word text); INSERT INTO kept VALUES (\'國庫\')');
    await first.stop();
    const second = await start();
    expect(second.url).toBe(first.url);
    expect(second.masterKey).toBe(first.masterKey);
    expect(await ask(second.url, 'SELECT word FROM kept')).toEqual([{ word: '國庫' }]);
  });

  it('stores durably, compares text byte by byte, and listens on this machine only', async () => {
    const { url } = await start();
    const settings = await ask(url, `SELECT name, setting FROM pg_settings WHERE name IN
      ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'data_checksums') ORDER BY 1`);
    expect(settings).toEqual([
      { name: 'data_checksums', setting: 'on' },
      { name: 'fsync', setting: 'on' },
      { name: 'full_page_writes', setting: 'on' },
      { name: 'listen_addresses', setting: '127.0.0.1' },
      { name: 'synchronous_commit', setting: 'on' },
    ]);
    const locale = await ask(url,
      'SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()');
    expect(locale).toEqual([{ datlocprovider: 'b', datlocale: 'C.UTF-8' }]);
  });

  it('keeps its secrets to itself', async () => {
    const { dataDirectory, url } = await start();
    for (const secret of ['master-key', 'postgres-password']) {
      expect(statSync(join(dataDirectory, '..', secret)).mode & 0o777).toBe(0o600);
    }
    const wrong = new URL(url);
    wrong.password = 'guessed';
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('says who serves already, and where, when it is started twice', async () => {
    await start();
    const service = await listening(0);
    const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
    writeFileSync(join(varDirectory, 'ready.json'), JSON.stringify({ url }));
    await expect(start()).rejects.toMatchObject({ name: 'AlreadyRunning', pid: process.pid, address: url });
    await new Promise((closed) => { service.close(closed); });
  });

  it('lends the server of a running service to a command, which does not stop it', async () => {
    const running = await start();
    const lent = await useEmbeddedPostgres({ varDirectory, say: () => undefined });
    expect(lent.url).toBe(running.url);
    await lent.stop();
    expect(await ask(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('tells at once when the server is killed, and starts again from its log', async () => {
    const told = await new Promise<string>((resolve, reject) => {
      start(resolve).then(async (server) => {
        await ask(server.url, 'CREATE TABLE survives (n int); INSERT INTO survives VALUES (7)');
        process.kill(pidOf(server), 'SIGKILL');
      }).catch(reject);
    });
    expect(told).toContain('PostgreSQL ended unexpectedly');
    unlock();
    const { url } = await start();
    expect(await ask(url, 'SELECT n FROM survives')).toEqual([{ n: 7 }]);
  });

  it('stops the server that a killed run left behind', async () => {
    const orphan = await start();
    const pid = pidOf(orphan);
    unlock();
    const { url } = await start();
    expect(said.join('\n')).toContain(`Stopping the PostgreSQL an earlier run left (process ${pid})`);
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('leaves a process alone that merely got the pid of a server that is gone', async () => {
    const gone = await start();
    await gone.stop();
    writeFileSync(pidFile(gone), `${process.pid}\n${gone.dataDirectory}\n`);
    const { url } = await start();
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('passes over the lock of a process that is gone, whoever has its pid now', async () => {
    const stale = JSON.stringify({ pid: process.pid, started: 'long ago' });
    writeFileSync(join(varDirectory, 'instance.lock'), stale);
    const { url } = await start();
    expect(await ask(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes another port when somebody took its own', async () => {
    const first = await start();
    await first.stop();
    const taker = await listening(Number(new URL(first.url).port));
    const second = await start();
    expect(new URL(second.url).port).not.toBe(new URL(first.url).port);
    expect(await ask(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await new Promise((closed) => { taker.close(closed); });
  });
});
