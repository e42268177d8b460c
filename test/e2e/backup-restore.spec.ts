import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import type { RestartablePostgres } from '../support/restartable-postgres.mjs';
import { startRestartablePostgres } from '../support/restartable-postgres.mjs';
import { Checkout } from './checkout.js';

interface Batch { readonly status: string; readonly recorded: { readonly payments: number } | null }
interface Applied { readonly accountNumber: string; readonly position: string }

const minutes = 60_000;
/** Judging and recording them takes longer than npm and Node take to start the backup. */
const payments = 30_000;
const writers = 3;

/** What an operator types (docs/OPERATIONS.md), under load, and into a PostgreSQL that never saw the data. */
describe('a backup taken under load and restored into another PostgreSQL', () => {
  const files = mkdtempSync(join(tmpdir(), 'treasury-backups-'));
  const [first, newer] = [join(files, 'first'), join(files, 'newer')];
  const erased = randomUUID();
  const applied: Applied[] = [];
  let checkout: Checkout;
  let elsewhere: RestartablePostgres;
  let backedUp: bigint;
  let batchId: string;
  let restoredHead: string;

  const ask = async (role: string, path: string, init: RequestInit = {}): Promise<Response> => {
    const { url, principals } = checkout.ready;
    const token = principals.find(({ roles }) => roles.includes(role))?.token;
    const headers = { ...init.headers as Record<string, string>, authorization: `Bearer ${token}` };
    return fetch(new URL(path, url), { ...init, headers });
  };
  const npm = async (...args: string[]): Promise<string> => {
    const { PATH, HOME } = process.env;
    const env = { PATH, HOME, ...checkout.settings };
    const cwd = checkout.directory;
    return (await promisify(execFile)('npm', ['run', '-s', ...args], { cwd, env })).stdout;
  };
  const applyUntil = async (signal: AbortSignal, writer: number): Promise<void> => {
    for (let number = 0; !signal.aborted; number++) {
      const accountNumber = `9${writer}${String(number).padStart(8, '0')}`;
      const answer = await ask('payee', '/api/v1/accounts', {
        method: 'POST', headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ bankCode: '0040037', accountNumber, accountName: '測試陳小明' }),
      });
      if (answer.status !== 201) throw new Error(await answer.text());
      const { position } = await answer.json() as { position: string };
      applied.push({ accountNumber, position });
    }
  };
  const deliver = async (): Promise<string> => {
    const file = join(files, 'batch.csv');
    await npm('demo:data', '--', `--payments=${payments}`, '--seed=2', `--out=${file}`);
    const answer = await ask('operator', '/api/v1/payment-batches', {
      method: 'POST', headers: { 'content-type': 'text/csv', prefer: 'wait=0' }, body: readFileSync(file),
    });
    expect(answer.status).toBe(202);
    return readFileSync(file, 'utf8').split(',', 3)[2] ?? '';
  };
  const saved = (table: string): string =>
    gunzipSync(readFileSync(join(first, `${table}.copy.gz`))).toString();
  const query = async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []): Promise<T[]> => {
    const client = new pg.Client({ connectionString: checkout.settings.DATABASE_URL });
    await client.connect();
    try {
      return (await client.query<T>(sql, values)).rows;
    } finally {
      await client.end();
    }
  };
  const databaseOn = async (serverUrl: string): Promise<string> => {
    checkout.settings = { ...checkout.settings, DATABASE_URL: serverUrl };
    const name = `backup_${randomUUID().replaceAll('-', '')}`;
    await query(`CREATE DATABASE ${name}`);
    return Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
  };
  const useDatabaseOn = async (serverUrl: string): Promise<void> => {
    const url = await databaseOn(serverUrl);
    checkout.settings = { ...checkout.settings, DATABASE_URL: url };
  };

  beforeAll(async () => {
    checkout = new Checkout();
    checkout.settings = { MASTER_KEY: randomBytes(32).toString('base64'), DEMO: 'on', DEMO_PAYMENTS: '2000' };
    elsewhere = await startRestartablePostgres();
    await useDatabaseOn(String(process.env.TEST_SERVER_URL));
    const service = await checkout.serve();
    const load = new AbortController();
    const writing = Array.from({ length: writers }, (_, writer) => applyUntil(load.signal, writer));
    batchId = await deliver();
    await npm('backup', '--', first);
    backedUp = BigInt(saved('log.head').split('\t')[0] ?? '');
    await delay(500);
    load.abort();
    await Promise.all(writing);
    await query("SELECT keys.obtain_key($1, 'contact', $2, 'wrapped')", [erased, randomUUID()]);
    await query('SELECT keys.destroy_keys($1)', [erased]);
    await npm('backup', '--', newer);
    await service.stop();
    await useDatabaseOn(elsewhere.url);
    await npm('restore', '--', first, `--erased=${join(newer, 'erased-subjects.txt')}`);
    const [head] = await query<{ position: string }>('SELECT position FROM log.head');
    restoredHead = String(head?.position);
    await checkout.serve();
  }, 6 * minutes);
  afterAll(async () => {
    await checkout.remove();
    await elsewhere.stop();
    rmSync(files, { recursive: true, force: true });
  }, minutes);

  it('was taken while facts came in, before and after its moment', () => {
    const before = applied.filter(({ position }) => BigInt(position) <= backedUp);
    expect(before.length).toBeGreaterThan(0);
    expect(before.length).toBeLessThan(applied.length);
    expect(saved('work.batch_deliveries')).toMatch(/\t(received|validating|recording)\t/);
  });

  it('has every fact acknowledged up to its position, and none of later', async () => {
    expect(restoredHead).toBe(String(backedUp));
    const { accounts } = await (await ask('payee', '/api/v1/accounts')).json() as
      { accounts: { accountNumber: string; accountName: string }[] };
    const ours = accounts.filter(({ accountNumber }) => accountNumber.startsWith('9'));
    const expected = applied.filter(({ position }) => BigInt(position) <= backedUp);
    expect(ours.map(({ accountNumber }) => accountNumber).sort())
      .toEqual(expected.map(({ accountNumber }) => accountNumber).sort());
    for (const { accountName } of ours) expect(accountName).toBe('測試陳小明');
  });

  it('goes on with the batch that was under way, and records all of it once', async () => {
    for (;;) {
      const answer = await ask('operator', `/api/v1/payment-batches/${batchId}`);
      const batch = await answer.json() as Batch;
      if (batch.status !== 'completed') {
        await delay(200);
        continue;
      }
      expect(batch.recorded?.payments).toBe(payments);
      break;
    }
    const [found] = await query<{ count: string }>(`SELECT count(*) FROM log.events
      JOIN log.fact_types ON code = type
      WHERE name = 'PaymentRecorded' AND payload ->> 'batchId' = $1`, [batchId]);
    expect(found).toEqual({ count: String(payments) });
  }, 2 * minutes);

  it('leaves no gap where it goes on', async () => {
    const answer = await ask('payee', '/api/v1/accounts', {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ bankCode: '0040037', accountNumber: '88888888', accountName: '測試陳小明' }),
    });
    const { position } = await answer.json() as { position: string };
    const [log] = await query('SELECT count(*), max(position), min(position) FROM log.events');
    expect(log).toEqual({ count: position, max: position, min: '1' });
    const [next] = await query(
      'SELECT count(*) FROM log.events WHERE position = $1', [String(backedUp + 1n)]);
    expect(next).toEqual({ count: '1' });
  });

  it('has tables that are proven to say what its log says', async () => {
    const told = (await npm('prove')).trim().split('\n');
    expect(told.length).toBeGreaterThan(4);
    for (const line of told) expect(line).toMatch(/相同 equal — \d+ rows/);
  }, 2 * minutes);

  it('forgets whom a newer backup had forgotten', async () => {
    expect(readFileSync(join(newer, 'erased-subjects.txt'), 'utf8')).toBe(`${erased}\n`);
    const [subject] = await query(
      'SELECT destroyed_at IS NULL AS known FROM keys.subjects WHERE subject = $1', [erased]);
    expect(subject).toEqual({ known: false });
  });
});
