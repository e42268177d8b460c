import type { Parts } from './app.module.js';
import { openParts } from './app.module.js';
import { principalOf } from './demo.js';
import { importDefaultBankCodes } from './infrastructure/bank-code-lists/import-default-bank-codes.js';
import type { Config } from './infrastructure/config.js';
import { InvalidConfig, readConfig } from './infrastructure/config.js';
import { demoPeople } from './infrastructure/demo/demo-people.js';
import { AlreadyRunning, startEmbeddedPostgres } from './infrastructure/embedded-postgres.js';
import { assertOneLog } from './infrastructure/event-store/one-log.js';
import { kurrentServerOf } from './infrastructure/event-store/open-event-store.js';
import { DemoTokens } from './infrastructure/http/demo-tokens.js';
import { docsPath } from './infrastructure/http/openapi-paths.js';
import { claimMasterKey } from './infrastructure/keys/one-master-key.js';
import { createLogger } from './infrastructure/logging.js';
import { ManagementServer } from './infrastructure/management/management-server.js';
import { ChecksReadiness } from './infrastructure/management/readiness.js';
import { migrate } from './infrastructure/migrations/migrate.js';
import { untilItPasses } from './infrastructure/passing-trouble.js';
import { retryOnConnectionLoss } from './infrastructure/postgres/connection-loss.js';
import { DatabaseLink } from './infrastructure/postgres/database-link.js';
import { createReadTables } from './infrastructure/read-store/read-tables.js';
import { openTracing } from './infrastructure/tracing/open-tracing.js';
import { PortTaken, asPortTaken, assertPortFree } from './process/port-taken.js';
import type { FoundCardAgent } from './process/demo-card-agent.js';
import { DemoCardAgent } from './process/demo-card-agent.js';
import { identityOptions } from './process/demo-cards.js';
import { project } from './process/projecting.js';
import { refusedDatabase } from './process/refused-database.js';
import { ReadyFile } from './process/ready-file.js';
import { Running } from './process/running.js';
import { say } from './process/say.js';
import { serve, urlOf } from './process/serving.js';
import { work } from './process/working.js';
import { projections } from './projections/projections.js';

/** Processes and their database are often started together; a server that recovers may take as long. */
const waitForDatabaseMs = 60_000;
const tellOfWaitingAfterMs = 2_000;

async function start(config: Config, running: Running, readyFile: ReadyFile): Promise<void> {
  const { url: databaseUrl, masterKey } = await database(config, running);
  if (config.ROLES.includes('api')) await assertPortFree(config);
  // Only now is it ours: before the lock was taken it could be that of a service that runs here already.
  readyFile.remove();
  const cardAgent = DemoCardAgent.start(config, running);
  const { signal } = running.stopping;
  const kurrent = kurrentServerOf(config);
  let wakeWorker = (): void => undefined;
  const tracing = await openTracing(config);
  running.onStop(() => tracing.close());
  const parts = openParts({
    databaseUrl, kurrent, masterKey, connections: config.POOL_SIZE,
    logger: createLogger(config.LOG_LEVEL), tracing, wakeWorker: () => wakeWorker(), stopping: signal,
    identity: identityOptions(config),
  });
  running.onStop(() => parts.close());
  const readiness = new ChecksReadiness();
  readiness.add('start', () => running.waitsFor);
  const managementUrl = await manage(config, parts, running, readiness);
  running.begins('database');
  await migrateOnceThere(databaseUrl, signal);
  const link = new DatabaseLink(databaseUrl);
  const watched = link.watch(signal);
  running.onStop(() => watched);
  running.begins('tables');
  await untilItPasses(async () => {
    await Promise.all([claimMasterKey(parts.pool, masterKey), assertOneLog(parts.pool, kurrent)]);
    await createReadTables(parts.pool, projections);
    await importDefaultBankCodes(parts.log, new Date().toISOString());
  }, signal);
  readiness.add('database', async () => (link.isUp && await parts.log.head() ? null : 'database'));
  if (config.ROLES.includes('projector')) await project(databaseUrl, parts, running, readiness);
  if (config.ROLES.includes('worker')) wakeWorker = work(databaseUrl, parts, running);
  const url = config.ROLES.includes('api')
    ? await serve({ config, parts, running, readiness, link }) : null;
  running.serves();
  const tokens = new DemoTokens(parts.demoTokenKey);
  await announce(config, readyFile, { url, managementUrl, tokens, cardAgent });
}

async function migrateOnceThere(databaseUrl: string, signal: AbortSignal): Promise<void> {
  // The probe says so as well, but who looks at a silent log does not know which port it has.
  const notice = setTimeout(() => say('等候資料庫。 Waiting for the database.'), tellOfWaitingAfterMs).unref();
  try {
    await retryOnConnectionLoss(() => migrate(databaseUrl), { withinMs: waitForDatabaseMs, signal });
  } finally {
    clearTimeout(notice);
  }
}

/** From the beginning: whoever asks before everything is there hears what it waits for. */
async function manage(
  { MANAGEMENT_HOST: host, MANAGEMENT_PORT: port }: Config, { metrics }: Parts, running: Running,
  readiness: ChecksReadiness,
): Promise<string> {
  metrics.collectProcessMetrics();
  const management = await ManagementServer.listen({ readiness, metrics: metrics.registry, host, port })
    .catch((error: unknown) => {
      throw asPortTaken(error, { HOST: host, PORT: port }, 'MANAGEMENT_PORT') ?? error;
    });
  running.onStop(() => management.close());
  return urlOf(host, management.address.port);
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
  running.stopping.signal.throwIfAborted();
  return { url: embedded.url, masterKey: MASTER_KEY ?? embedded.masterKey };
}

/** It has long been waiting for nothing but the address; if not, it is told of when it comes. */
const waitForCardAgentMs = 1_500;

interface Served {
  readonly url: string | null;
  readonly managementUrl: string;
  readonly tokens: DemoTokens;
  readonly cardAgent: DemoCardAgent | null;
}

async function announce(
  config: Config, readyFile: ReadyFile, { url, managementUrl, tokens, cardAgent }: Served,
): Promise<void> {
  const people = config.DEMO && url !== null ? demoPeople(config.DEMO_SEED) : [];
  const principals = people.map((person) =>
    ({ name: person.name, roles: person.roles, token: tokens.issue(principalOf(person)) }));
  const ready = { url, managementUrl, principals };
  if (url !== null) {
    cardAgent?.serve(url, (found) => {
      readyFile.write({ ...ready, cardAgent: found });
      sayCardAgent(found);
    });
  }
  const found = await cardAgent?.within(waitForCardAgentMs) ?? null;
  readyFile.write({ ...ready, cardAgent: found });
  const roles = config.ROLES.join(', ');
  if (url === null) say(`就緒（${roles}）。 Ready as ${roles}.`);
  else say(`服務就緒： ready at ${url}　API 文件 API documentation: ${url}${docsPath}`);
  say(`監控 Metrics and probes: ${managementUrl}/metrics`);
  if (principals.length > 0) say('代替登入的示範權杖（登入用卡片即可）： tokens in place of signing in, which cards do:');
  for (const { name, roles: held, token } of principals) say(`  ${name}（${held.join(', ')}）\n    ${token}`);
}

function sayCardAgent({ url, reader }: FoundCardAgent): void {
  say(`讀卡元件 Card agent: ${url}，${reader === 'pcsc' ? 'pcscd 的虛擬讀卡機 a virtual reader of pcscd'
    : '記憶體中的讀卡機，不經 pcscd a reader in memory, without pcscd'}`);
  say('插卡： to put a card in: npm run demo:card -- 姓名 NAME');
}

/** Once asks to finish what is running, within bounds; twice means now. */
function stopOnSignals(config: Config, running: Running, readyFile: ReadyFile): void {
  let asked = false;
  const stop = (): void => {
    if (asked) process.exit(130);
    asked = true;
    say('停止中。 Stopping.');
    setTimeout(() => process.exit(1), config.SHUTDOWN_SECONDS * 1_000).unref();
    readyFile.remove();
    void running.stop().then(() => process.exit(0), fail);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, stop);
}

function fail(error: unknown): void {
  const isExpected = error instanceof InvalidConfig || error instanceof AlreadyRunning
    || error instanceof PortTaken;
  const told = isExpected ? error.message : refusedDatabase(error) ?? String((error as Error).stack);
  process.stderr.write(`${told}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const running = new Running();
  const readyFile = new ReadyFile(config.writesReadyFile ? config.READY_FILE : null);
  stopOnSignals(config, running, readyFile);
  try {
    await start(config, running, readyFile);
  } catch (error) {
    if (running.stopping.signal.aborted) return;
    await running.stop().catch(() => undefined);
    throw error;
  }
}

main().catch(fail);
