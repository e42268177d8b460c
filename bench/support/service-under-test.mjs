// The service as processes of its own, over a PostgreSQL of its own that may be killed: for the figures about
// what it does when things go wrong.
import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../../faults/faulty-postgres.mjs';
import { keptPort } from '../../faults/kept-port.mjs';
import { ServiceCopy } from '../../faults/service-copy.mjs';
import { ServiceProcess } from '../../faults/service-processes.mjs';
import { openProduct } from './product.mjs';

const built = new ServiceCopy(resolve(import.meta.dirname, '..', '..'));
const upMs = 120_000;

export async function openServiceUnderTest(name) {
  const directory = mkdtempSync(join(tmpdir(), `treasury-bench-${name}-`));
  // PostgreSQL runs as another user when we are root, and must get through here.
  chmodSync(directory, 0o755);
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await startPostgres(built, join(directory, 'postgres'));
  const databaseUrl = await postgres.create('bench');
  const masterKey = randomBytes(32).toString('base64');
  const { migrate } = await built.load('infrastructure/migrations/migrate.js');
  await migrate(databaseUrl);
  const parts = openProduct(databaseUrl, masterKey);
  const { DemoTokens } = await built.load('infrastructure/http/demo-tokens.js');
  const tokens = new DemoTokens(parts.demoTokenKey);
  return new ServiceUnderTest({ directory, postgres, databaseUrl, masterKey, parts, tokens });
}

class ServiceUnderTest {
  #processes = [];

  constructor(made) {
    Object.assign(this, made);
  }

  /** One process with these roles; `url` where it reaches the database through something else. */
  async start(roles, { url = this.databaseUrl, settings = {} } = {}) {
    const [port, managementPort] = [await keptPort(built), await keptPort(built)];
    const environment = {
      DATABASE_URL: url, MASTER_KEY: this.masterKey, ROLES: roles, PORT: String(port),
      MANAGEMENT_PORT: String(managementPort), LOG_LEVEL: 'fatal',
      ...(roles.includes('api') && { DEMO: 'on', DEMO_PAYMENTS: '1' }), ...settings,
    };
    const name = `${roles.replaceAll(',', '-')}-${this.#processes.length}`;
    const started = new ServiceProcess({
      name, main: built.main, environment, directory: this.directory, managementPort,
    });
    started.port = port;
    this.#processes.push(started);
    started.start();
    return started;
  }

  async untilUp() {
    const deadline = Date.now() + upMs;
    while (!this.#processes.every((each) => each.isUp())) {
      const [exit] = this.#processes.flatMap((each) => each.unexpectedExits);
      if (exit || Date.now() > deadline) throw new Error(exit ?? 'the service did not start');
      await pause(20);
    }
  }

  /** A payee known to the service, and the reviewer's and operator's tokens beside. */
  async people() {
    const { handle } = await built.load('application/handle.js');
    const { applicantStream } = await built.load('application/stream-names.js');
    const { applicantDecider } = await built.load('domain/applicants/applicant.js');
    const [applicantId, at] = [randomUUID(), '2026-01-01T00:00:00.000Z'];
    const meta = { commandId: randomUUID(), fingerprint: 'bench', by: applicantId, at };
    const command = {
      type: 'RegisterApplicant', applicantId, kind: 'company', idNumber: '04595257', name: '測試公司', at,
    };
    await handle(this.parts.log, applicantDecider, applicantStream(applicantId), { command, meta });
    const tokenOf = (role, more = {}) => this.tokens.issue({ id: randomUUID(), roles: [role], ...more });
    return {
      applicantId, payee: tokenOf('payee', { applicantId }), reviewer: tokenOf('reviewer'),
      operator: tokenOf('operator'),
    };
  }

  async close() {
    await Promise.all(this.#processes.map((each) => each.stop()));
    await this.parts.close();
    await this.postgres.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/**
 * One request and its answer, or `{ status: null }` where nobody answered in time; `ms` is what the caller
 * waited.
 */
export function ask({ port, path, method = 'GET', token, key, body, type, agent, withinMs = 30_000 }) {
  const from = performance.now();
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }), ...(key && { 'idempotency-key': key }),
    ...(body && { 'content-type': type ?? 'application/json' }),
  };
  return new Promise((resolve) => {
    const done = (answer) => {
      clearTimeout(tooLong);
      resolve({ ...answer, ms: performance.now() - from });
    };
    const tooLong = setTimeout(() => call.destroy(new Error('no answer')), withinMs);
    const call = httpRequest({ host: '127.0.0.1', port, path, method, agent, headers }, (response) => {
      const { statusCode: status, headers: told } = response;
      response.resume();
      response.once('end', () => done({ status, headers: told }));
      response.once('error', () => done({ status: null }));
    });
    call.once('error', () => done({ status: null }));
    call.end(body);
  });
}

export const keptAlive = (maxSockets) =>
  new Agent({ keepAlive: true, maxSockets, maxFreeSockets: maxSockets });

let accounts = 0;
/** A new account application: a write that every layer takes part in. */
export const application = (token) => ({
  path: '/api/v1/accounts', method: 'POST', token, key: randomUUID(),
  body: JSON.stringify({
    bankCode: '0040037', accountNumber: String(++accounts).padStart(14, '0'), accountName: '測試戶名',
  }),
});
