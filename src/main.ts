import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import type { Parts } from './app.module.js';
import { AppModule, openParts } from './app.module.js';
import { principalOf, seedDemo } from './demo.js';
import { importDefaultBankCodes } from './infrastructure/bank-code-lists/import-default-bank-codes.js';
import { BatchWorker } from './infrastructure/batches/batch-worker.js';
import type { Config } from './infrastructure/config.js';
import { InvalidConfig, readConfig } from './infrastructure/config.js';
import { demoPeople } from './infrastructure/demo/demo-people.js';
import { AlreadyRunning, startEmbeddedPostgres } from './infrastructure/embedded-postgres.js';
import { kurrentServerOf } from './infrastructure/event-store/open-event-store.js';
import { NoSignIn } from './infrastructure/http/authenticator.js';
import { DemoTokens } from './infrastructure/http/demo-tokens.js';
import { docsPath } from './infrastructure/http/openapi-paths.js';
import type { Server } from './infrastructure/http/server.js';
import { createServer } from './infrastructure/http/server.js';
import { createLogger } from './infrastructure/logging.js';
import { migrate } from './infrastructure/migrations/migrate.js';
import { createPool } from './infrastructure/postgres/pool.js';
import { createReadTables } from './infrastructure/read-store/read-tables.js';
import { startProjectors } from './infrastructure/read-store/start-projectors.js';
import { projections } from './projections/projections.js';

/** Each projector holds a connection, and at its first start rebuilds its table over two more. */
const connectionsPerProjector = 3;
const catchUpMs = 1_000;

/** What was started, to be stopped in the opposite order; and whether it is all there yet. */
class Running {
  readonly stopping = new AbortController();
  isServing = false;
  private readonly stops: (() => Promise<void>)[] = [];

  onStop(stop: () => Promise<void>): void {
    this.stops.push(stop);
  }

  async stop(): Promise<void> {
    this.isServing = false;
    this.stopping.abort();
    for (const stop of this.stops.reverse()) await stop();
  }
}

const say = (line: string): void => { process.stdout.write(`▸ ${line}\n`); };

async function start(config: Config, running: Running): Promise<void> {
  const { url: databaseUrl, masterKey } = await database(config, running);
  // Only now is it ours: before the lock was taken it could be that of a service that runs here already.
  rmSync(config.READY_FILE, { force: true });
  running.stopping.signal.throwIfAborted();
  await migrate(databaseUrl);
  let wakeWorker = (): void => undefined;
  const parts = openParts({
    databaseUrl, kurrent: kurrentServerOf(config), masterKey, connections: config.POOL_SIZE,
    logger: createLogger(config.LOG_LEVEL), wakeWorker: () => wakeWorker(),
  });
  running.onStop(() => parts.close());
  await createReadTables(parts.pool, projections);
  await importDefaultBankCodes(parts.log, new Date().toISOString());
  if (config.ROLES.includes('projector')) await project(databaseUrl, parts, running);
  if (config.ROLES.includes('worker')) wakeWorker = work(databaseUrl, parts, running);
  if (config.ROLES.includes('api')) await serve(config, parts, running);
  running.isServing = true;
}

interface Database { readonly url: string; readonly masterKey: string }

async function database({ DATABASE_URL, MASTER_KEY, DATA_DIR }: Config, running: Running): Promise<Database> {
  if (DATABASE_URL !== undefined && MASTER_KEY !== undefined) {
    return { url: DATABASE_URL, masterKey: MASTER_KEY };
  }
  say('啟動內嵌的 PostgreSQL。 Starting the embedded PostgreSQL.');
  const embedded = await startEmbeddedPostgres({
    varDirectory: DATA_DIR, say,
    onUnexpectedEnd: (message) => { say(message); process.exit(1); },
  });
  running.onStop(() => embedded.stop());
  return { url: embedded.url, masterKey: MASTER_KEY ?? embedded.masterKey };
}

async function project(databaseUrl: string, { log, logger }: Parts, running: Running): Promise<void> {
  const maxConnections = connectionsPerProjector * projections.length;
  const pool = createPool(databaseUrl, { applicationName: 'treasury projectors', maxConnections });
  running.onStop(() => pool.end());
  const { signal } = running.stopping;
  const { ended } = await startProjectors({
    log, pool, projections, signal,
    report: ({ kind, ...report }) => {
      if (kind === 'trouble' || kind === 'stopped') logger.error(report, `projector: ${kind}`);
      else logger.info(report, `projector: ${kind}`);
    },
  });
  running.onStop(() => ended);
}

/** Answers how to wake the worker. */
function work(databaseUrl: string, parts: Parts, running: Running): () => void {
  const now = (): string => new Date().toISOString();
  const { pool, log, logger } = parts;
  const worker = new BatchWorker({ databaseUrl, pool, log, now, logger });
  const ended = worker.run(running.stopping.signal);
  running.onStop(() => ended);
  return () => worker.wake();
}

async function serve(config: Config, parts: Parts, running: Running): Promise<void> {
  const tokens = new DemoTokens(parts.demoTokenKey);
  const limits = {
    jsonBytes: config.MAX_JSON_BYTES, csvBytes: config.MAX_BATCH_BYTES, listBytes: config.MAX_LIST_BYTES,
  };
  const isReady = async (): Promise<boolean> => running.isServing && await parts.log.head().then(() => true);
  const authenticator = config.DEMO ? tokens : new NoSignIn();
  const server = await createServer(
    await AppModule.of(parts, limits, { isReady }), { ...parts, authenticator, limits });
  running.onStop(() => server.app.close());
  await server.app.listen(config.PORT, config.HOST);
  const url = addressOf(server, config.HOST);
  if (config.DEMO) await demonstrate(config, parts, server, running);
  announce(config, url, tokens);
}

async function demonstrate(config: Config, parts: Parts, server: Server, running: Running): Promise<void> {
  const { signal } = running.stopping;
  // Applications ask the table of bank codes, which must hold the list first.
  await caughtUp(parts, signal);
  await seedDemo({
    commands: server.app.get(CommandBus), queries: server.app.get(QueryBus),
    seed: config.DEMO_SEED, payments: config.DEMO_PAYMENTS, say, signal,
  });
  say('等候讀取表跟上。 Waiting for the tables to catch up.');
  await caughtUp(parts, signal);
}

/** Every table has seen everything there is now. */
async function caughtUp({ log, readStore }: Parts, signal: AbortSignal): Promise<void> {
  const head = await log.head();
  for (const { name } of projections) {
    while (!await readStore.waitFor(name, head, catchUpMs)) signal.throwIfAborted();
  }
}

function addressOf({ app }: Server, host: string): string {
  const { port } = app.getHttpServer().address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function announce({ DEMO, DEMO_SEED, READY_FILE }: Config, url: string, tokens: DemoTokens): void {
  const people = DEMO ? demoPeople(DEMO_SEED) : [];
  const principals = people.map((person) =>
    ({ name: person.name, roles: person.roles, token: tokens.issue(principalOf(person)) }));
  mkdirSync(dirname(READY_FILE), { recursive: true });
  // Whole or not at all, and for its owner alone: whoever reads it is everybody in the demo.
  writeFileSync(`${READY_FILE}.new`, `${JSON.stringify({ url, principals }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${READY_FILE}.new`, READY_FILE);
  say(`服務就緒： ready at ${url}　API 文件 API documentation: ${url}${docsPath}`);
  for (const { name, roles, token } of principals) say(`  ${name}（${roles.join(', ')}）\n    ${token}`);
}

/** Once asks to finish what is running, within bounds; twice means now. */
function stopOnSignals(config: Config, running: Running): void {
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(130);
    asked = true;
    say('停止中。 Stopping.');
    setTimeout(() => process.exit(1), config.SHUTDOWN_SECONDS * 1_000).unref();
    rmSync(config.READY_FILE, { force: true });
    void running.stop().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

function fail(error: unknown): void {
  const isExpected = error instanceof InvalidConfig || error instanceof AlreadyRunning;
  const told = isExpected ? error.message : String((error as Error).stack);
  process.stderr.write(`${told}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const running = new Running();
  stopOnSignals(config, running);
  try {
    await start(config, running);
  } catch (error) {
    if (running.stopping.signal.aborted) return;
    await running.stop().catch(() => undefined);
    throw error;
  }
}

main().catch(fail);
