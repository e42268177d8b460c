import { randomBytes, randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import type { InjectOptions, Response } from 'light-my-request';
import { AppModule, openParts } from '../../../src/app.module.js';
import type { Parts } from '../../../src/app.module.js';
import type { Principal, Role } from '../../../src/application/command-context.js';
import { BatchWorker } from '../../../src/infrastructure/batches/batch-worker.js';
import type { KurrentServer } from '../../../src/infrastructure/event-store/open-event-store.js';
import type { Link } from '../../../src/infrastructure/http/admission/admission.js';
import { Admission } from '../../../src/infrastructure/http/admission/admission.js';
import { DemoTokens } from '../../../src/infrastructure/http/demo-tokens.js';
import type { Server } from '../../../src/infrastructure/http/server.js';
import { createServer } from '../../../src/infrastructure/http/server.js';
import type { IdentityOptions } from '../../../src/infrastructure/identity/open-identity.js';
import { createLogger } from '../../../src/infrastructure/logging.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import { startProjectors } from '../../../src/infrastructure/read-store/start-projectors.js';
import { projections } from '../../../src/projections/projections.js';
import type { Tracing } from '../../../src/infrastructure/tracing/tracing.js';
import type { TestDatabase } from '../../support/database.js';
import { createTestDatabase } from '../../support/database.js';

export const limits = {
  jsonBytes: 128 * 1024, csvBytes: 4 * 1024 * 1024, listBytes: 1024 * 1024, uploadSilenceMs: 30_000,
};

export const admissionLimits = {
  requestsInWork: 32, requestsQueued: 128, uploadsInWork: 4, deadlineMs: 10_000,
};
/** A database that is always there. */
export const openLink: Link = { isUp: true, onLost: () => undefined };

/** The service as it runs, over a database of its own, driven in process. */
export interface Service {
  readonly parts: Parts;
  readonly server: Server;
  /** Every log line so far, as written. */
  logged(): string;
  send(request: InjectOptions): Promise<Response>;
  as(caller: Principal | null): Caller;
  /** The header by which the caller is known. */
  bearer(caller: Principal): Headers;
  stopProjectors(): Promise<void>;
  close(): Promise<void>;
}

type Headers = Record<string, string>;
export interface Caller {
  get(url: string, headers?: Headers): Promise<Response>;
  send(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object, headers?: Headers): Promise<Response>;
  csv(url: string, text: string | Buffer, headers?: Headers): Promise<Response>;
}

export function principal(...roles: readonly Role[]): Principal {
  const id = randomUUID();
  return roles.includes('payee') ? { id, roles, applicantId: randomUUID() } : { id, roles };
}

/** `kurrent`: where its log is, if not in that database. */
export async function startService(
  kurrent?: KurrentServer, identity?: IdentityOptions, tracing?: Tracing,
): Promise<Service> {
  const database = await createTestDatabase();
  const lines: string[] = [];
  const logger = createLogger('trace', capture(lines));
  const parts: Parts = openParts({
    databaseUrl: database.url, kurrent, masterKey: randomBytes(32).toString('base64'), connections: 8, logger,
    wakeWorker: () => worker.wake(), identity, tracing,
  });
  const now = () => new Date().toISOString();
  const worker = new BatchWorker({ ...parts, databaseUrl: database.url, now });
  const tokens = new DemoTokens(parts.demoTokenKey);
  const module = await AppModule.of(parts, limits, { waitingFor: async () => [] });
  const admission = new Admission(admissionLimits, openLink, parts);
  const server = await createServer(module, { ...parts, authenticator: tokens, limits, admission });
  const loops = await startLoops(database, parts);
  const working = new AbortController();
  const worked = worker.run(working.signal);
  const send = async (request: InjectOptions): Promise<Response> => server.app.inject(request);
  return {
    parts, server, send, logged: () => lines.join(''),
    as: (caller) => callerOf(send, caller === null ? {} : bearer(tokens.issue(caller))),
    bearer: (caller) => bearer(tokens.issue(caller)),
    stopProjectors: loops.stop,
    close: async () => {
      working.abort();
      await Promise.all([loops.stop(), worked]);
      await server.app.close();
      await parts.close();
      await loops.close();
      await database.drop();
    },
  };
}

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

async function startLoops(database: TestDatabase, parts: Parts) {
  const pool = createPool(database.url, { applicationName: 'treasury projectors', maxConnections: 24 });
  const stopping = new AbortController();
  const running = await startProjectors({
    log: parts.log, pool, projections, signal: stopping.signal, tracing: parts.tracing,
    report: (report) => parts.logger.info(report, 'projector'),
  });
  return {
    stop: async () => { stopping.abort(); await running.ended; },
    close: () => pool.end(),
  };
}

function capture(lines: string[]): Writable {
  return new Writable({ write(chunk: Buffer, _encoding, done) { lines.push(chunk.toString()); done(); } });
}

type Send = (request: InjectOptions) => Promise<Response>;

const callerOf = (send: Send, who: Headers): Caller => ({
  get: (url, headers = {}) => send({ method: 'GET', url, headers: { ...who, ...headers } }),
  send: (method, url, body, headers = {}) =>
    send({ method, url, headers: { ...who, ...headers }, ...(body === undefined ? {} : { payload: body }) }),
  csv: (url, text, headers = {}) =>
    send({ method: 'POST', url, payload: text, headers: { 'content-type': 'text/csv', ...who, ...headers } }),
});
