import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Parts } from '../../src/app.module.js';
import { AppModule, openParts } from '../../src/app.module.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { Admission } from '../../src/infrastructure/http/admission/admission.js';
import { DemoTokens } from '../../src/infrastructure/http/demo-tokens.js';
import type { Server } from '../../src/infrastructure/http/server.js';
import { createServer } from '../../src/infrastructure/http/server.js';
import { createLogger } from '../../src/infrastructure/logging.js';
import { DatabaseLink } from '../../src/infrastructure/postgres/database-link.js';
import { createReadTables } from '../../src/infrastructure/read-store/read-tables.js';
import { projections } from '../../src/projections/projections.js';
import { appendTo, newStream, positionOf } from '../contract/sample-appends.js';
import { limits, principal } from '../http/support/service.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { FreezingProxy } from './freezing-proxy.js';

const answerMs = 2_500;
const othersFreeMs = 5_000;
const healedMs = 3_000;

let database: TestDatabase;
let proxy: FreezingProxy;
let parts: Parts;
let server: Server;
let url: string;
let watched: Promise<void>;
const stopping = new AbortController();
const payee = principal('payee');
let token: string;

beforeAll(async () => {
  database = await createTestDatabase();
  proxy = await FreezingProxy.before(database.url);
  parts = openParts({
    databaseUrl: proxy.url, masterKey: randomBytes(32).toString('base64'), connections: 8,
    logger: createLogger('silent'), wakeWorker: () => undefined,
  });
  await createReadTables(parts.pool, projections);
  const link = new DatabaseLink(proxy.url);
  watched = link.watch(stopping.signal);
  const admission = new Admission({
    requestsInWork: 16, requestsQueued: 64, uploadsInWork: 4, deadlineMs: 10_000,
  }, link, parts);
  const authenticator = new DemoTokens(parts.demoTokenKey);
  token = authenticator.issue(payee);
  const readiness = { waitingFor: async () => (link.isUp ? [] : ['database']) };
  server = await createServer(
    await AppModule.of(parts, limits, readiness), { ...parts, authenticator, limits, admission });
  await server.app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(server.app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(async () => {
  stopping.abort();
  await proxy.close();
  await watched;
  await server.app.close();
  await parts.close();
  await database.drop();
});

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly retryAfter: string | null;
  readonly ms: number;
}

async function ask(path: string, body?: object): Promise<Answer> {
  const from = performance.now();
  const headers = { 'authorization': `Bearer ${token}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, body === undefined ? { headers }
    : { method: 'PUT', headers, body: JSON.stringify(body) });
  const { code } = await response.json() as { code?: string };
  const retryAfter = response.headers.get('retry-after');
  return { status: response.status, code, retryAfter, ms: performance.now() - from };
}
const contact = { phone: '02-1234-5678' };
const read = () => ask('/api/v1/bank-codes?code=0040037');
const write = () => ask('/api/v1/applicant/contact', contact);

/** As soon as it answers like before; the milliseconds that took. */
async function healed(): Promise<number> {
  const from = performance.now();
  for (;;) {
    const answers = [await read(), await write()];
    if (answers[0]?.status === 200 && answers[1]?.status === 404) return performance.now() - from;
    await delay(20);
  }
}

describe('a network cut between the API and its database', () => {
  beforeAll(async () => {
    expect((await read()).status).toBe(200);
    // Nobody is registered: decided in the log, and told as a refusal.
    expect(await write()).toMatchObject({ status: 404, code: 'applicant/unknown' });
  });

  it('is told to every caller in time, and heals without help', async () => {
    proxy.freeze();
    const answers = await Promise.all([read(), write(), read(), write(), ask('/api/v1/accounts')]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, retryAfter: '1' });
      expect(answer.ms).toBeLessThan(answerMs);
    }
    expect(answers.slice(0, 2).map(({ code }) => code))
      .toEqual(['http/database-unreachable', 'command/unknown-outcome']);
    // From now on nobody waits to be told.
    const later = await read();
    expect([later.code, later.ms < 500]).toEqual(['http/database-unreachable', true]);
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    expect(await (await fetch(`${url}/health/ready`)).json()).toMatchObject({ waitingFor: ['database'] });
    await delay(2_000);
    proxy.thaw();
    expect(await healed()).toBeLessThan(healedMs);
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
  });

  it('is no cut when the process was only busy', async () => {
    const until = performance.now() + 2_500;
    while (performance.now() < until) JSON.stringify(contact);
    expect((await read()).status).toBe(200);
  });
});

describe('a writer cut off with the head of the log in its hands', () => {
  let cutOff: PostgresEventStore;
  let other: PostgresEventStore;
  beforeAll(() => {
    cutOff = new PostgresEventStore(proxy.url);
    other = new PostgresEventStore(database.url);
  });
  afterAll(async () => {
    await other.close();
    await cutOff.close();
  });

  it.each([['between two statements', 'COPY'], ['in the middle of a COPY', 'PGCOPY']])(
    '%s lets the others write within five seconds', async (_when, marker) => {
      await positionOf(appendTo(cutOff, { stream: newStream(), count: 900 }));
      proxy.freezeAt(marker);
      const lost = appendTo(cutOff, { stream: newStream(), count: 900 });
      while (!proxy.frozen) await delay(5);
      const from = performance.now();
      // Refused as busy, where it waited as long as a writer may: asked again, as a caller would.
      const appended = await appendTo(other, { stream: newStream() })
        .catch(() => appendTo(other, { stream: newStream() }));
      expect([appended.kind, performance.now() - from < othersFreeMs]).toEqual(['appended', true]);
      proxy.thaw();
      expect((await lost).kind).toBe('unknown');
    }, 30_000);
});
