import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Principal } from '../../src/application/command-context.js';
import { applicantStream } from '../../src/application/stream-names.js';
import type { Service } from '../http/support/service.js';
import { principal, startService } from '../http/support/service.js';
import { caughtUp, company, registered } from '../http/support/world.js';
import type { RestartablePostgres } from '../support/restartable-postgres.mjs';
import { startRestartablePostgres } from '../support/restartable-postgres.mjs';
import { SmallDisk } from './full-disk.js';

const disk = SmallDisk.mounted();
// eslint-disable-next-line no-restricted-syntax
const describeWithDisk = disk === null ? describe.skip : describe;
const fullWithinMs = 20_000;
const backWithinMs = 10_000;
/** Rows of tables, which need new pages; or the write-ahead log alone, which needs new segments. */
const others = {
  rows: `CREATE TABLE IF NOT EXISTS others (words text);
    INSERT INTO others SELECT repeat(md5(n::text), 20) FROM generate_series(1, 1000) AS n`,
  log: "SELECT pg_logical_emit_message(true, 'others', repeat('x', 1000000))",
} as const;

interface Answer {
  readonly key: string;
  readonly status: number;
  readonly code?: string;
  readonly position?: string;
  readonly retryAfter: unknown;
}

let server: RestartablePostgres;
let service: Service;
let firm: Principal;
/** Of the service that is open, through all its tests. */
const acknowledged: Answer[] = [];

async function opened(): Promise<void> {
  service = await startService();
  firm = await registered(service, principal('payee'), company('22099131', '測試公司'));
  await caughtUp(service);
}

async function change(key: string = randomUUID()): Promise<Answer> {
  const response = await service.as(firm)
    .send('PUT', '/api/v1/applicant/contact', { phone: '02-2345-6789' }, { 'idempotency-key': key });
  const { code, position } = response.json<{ code?: string; position?: string }>();
  return { key, status: response.statusCode, code, position, retryAfter: response.headers['retry-after'] };
}
const isAcknowledged = ({ status }: Answer): boolean => status === 200;

/** Changes, and what others write meanwhile, until nothing fits any more and a change is refused. */
async function changesUntilFull(what: keyof typeof others): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const until = Date.now() + fullWithinMs;
  let isFull = false;
  while (Date.now() < until) {
    answers.push(...await Promise.all([change(), change(), change()]));
    if (isFull && !answers.every(isAcknowledged)) return answers;
    await service.parts.pool.query(others[what]).catch(() => { isFull = true; });
  }
  throw new Error('the disk does not get full');
}

async function settled(answer: Answer): Promise<Answer> {
  const until = Date.now() + backWithinMs;
  for (;;) {
    const again = await change(answer.key);
    if (isAcknowledged(again) || Date.now() > until) return again;
    await delay(50);
  }
}

/** Acknowledged positions at which the log has no change; and changes that nobody was told of. */
async function differences(answers: readonly Answer[]): Promise<{ lost: string[]; untold: string[] }> {
  const stored = new Set<string>();
  for await (const fact of service.parts.log.readStream(applicantStream(firm.applicantId ?? ''))) {
    if (fact.type === 'ApplicantContactChanged') stored.add(fact.position);
  }
  const told = new Set(answers.flatMap(({ position }) => position ?? []));
  return {
    lost: [...told].filter((position) => !stored.has(position)),
    untold: [...stored].filter((position) => !told.has(position)),
  };
}

describeWithDisk('on a full disk', () => {
  beforeAll(async () => {
    server = await startRestartablePostgres({ TMPDIR: disk?.directory ?? '' });
    process.env.TEST_SERVER_URL = server.url;
    await opened();
  }, 60_000);
  afterAll(async () => {
    await service.close();
    await server.stop();
    disk?.unmount();
  }, 60_000);
  afterEach(() => { disk?.clear(); });

  it('changes are refused as that, people read on, and with space it goes on by itself', async () => {
    // With a whole segment of the log to go: it is the tables that find no room.
    await service.parts.pool.query('SELECT pg_switch_wal()');
    acknowledged.push(await change());
    disk?.fill();
    const answers = await changesUntilFull('rows');
    const refused = answers.filter((answer) => !isAcknowledged(answer));
    for (const answer of refused) {
      expect(answer).toMatchObject({ status: 503, code: 'http/database-full', retryAfter: '30' });
    }
    expect((await service.as(firm).get('/api/v1/applicant')).statusCode).toBe(200);
    disk?.clear();
    const finished = await Promise.all(refused.map(settled));
    expect(finished.every(isAcknowledged)).toBe(true);
    acknowledged.push(...answers.filter(isAcknowledged), ...finished);
    expect(await differences(acknowledged)).toEqual({ lost: [], untold: [] });
    await caughtUp(service);
  }, 60_000);

  /** PostgreSQL stops; somebody makes space and starts it again. */
  async function throughAFullLog(): Promise<{ refused: readonly Answer[]; all: readonly Answer[] }> {
    disk?.fill();
    const answers = await changesUntilFull('log');
    const refused = answers.filter((answer) => !isAcknowledged(answer));
    disk?.clear();
    await server.restart('crash');
    const finished = await Promise.all(refused.map(settled));
    expect(finished.every(isAcknowledged)).toBe(true);
    return { refused, all: [...answers.filter(isAcknowledged), ...finished] };
  }

  it('without room for its write-ahead log PostgreSQL stops, and nothing acknowledged is lost', async () => {
    const { refused, all } = await throughAFullLog();
    for (const { status, code } of refused) {
      expect([status, code]).toEqual([503, expect.stringMatching(
        /^(command\/unknown-outcome|http\/database-unreachable|http\/database-full)$/)]);
    }
    acknowledged.push(...all);
    expect(await differences(acknowledged)).toEqual({ lost: [], untold: [] });
    await caughtUp(service);
  }, 60_000);

  it('is survived for a reason: a server that acknowledges before it writes is caught losing', async () => {
    const { pool } = service.parts;
    await pool.query('ALTER SYSTEM SET synchronous_commit = off');
    await pool.query("ALTER SYSTEM SET wal_writer_delay = '10s'");
    await pool.query("ALTER SYSTEM SET wal_writer_flush_after = '1GB'");
    await pool.query('SELECT pg_reload_conf()');
    await service.close();
    await opened();
    const { all } = await throughAFullLog();
    expect((await differences(all)).lost).not.toEqual([]);
  }, 60_000);
});
