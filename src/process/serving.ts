import { CommandBus, QueryBus } from '@nestjs/cqrs';
import type { AddressInfo } from 'node:net';
import type { Parts } from '../app.module.js';
import { AppModule } from '../app.module.js';
import { seedDemo } from '../demo.js';
import type { Config } from '../infrastructure/config.js';
import type { Link } from '../infrastructure/http/admission/admission.js';
import { Admission } from '../infrastructure/http/admission/admission.js';
import { NoSignIn } from '../infrastructure/http/authenticator.js';
import { DemoTokens } from '../infrastructure/http/demo-tokens.js';
import type { Server } from '../infrastructure/http/server.js';
import { createServer } from '../infrastructure/http/server.js';
import type { ChecksReadiness } from '../infrastructure/management/readiness.js';
import { untilItPasses } from '../infrastructure/passing-trouble.js';
import { projections } from '../projections/projections.js';
import { listDemoStaff } from './demo-cards.js';
import type { Running } from './running.js';
import { asPortTaken } from './port-taken.js';
import { say } from './say.js';

const catchUpMs = 1_000;

export interface Serving {
  readonly config: Config;
  readonly parts: Parts;
  readonly running: Running;
  readonly readiness: ChecksReadiness;
  readonly link: Link;
}

/** Answers requests; resolves with the address once everything that was to be there is there. */
export async function serve({ config, parts, running, readiness, link }: Serving): Promise<string> {
  const limits = {
    jsonBytes: config.MAX_JSON_BYTES, csvBytes: config.MAX_BATCH_BYTES, listBytes: config.MAX_LIST_BYTES,
    uploadSilenceMs: config.UPLOAD_SILENCE_SECONDS * 1_000,
  };
  const admission = new Admission({
    requestsInWork: config.REQUESTS_IN_WORK, requestsQueued: config.REQUESTS_QUEUED,
    uploadsInWork: config.UPLOADS_IN_WORK, deadlineMs: config.REQUEST_SECONDS * 1_000,
  }, link, parts);
  parts.queues.set('requests', () => admission.requests.queued);
  const authenticator = config.DEMO ? new DemoTokens(parts.demoTokenKey) : new NoSignIn();
  readiness.add('tables', async () => outdated(await parts.operations.outdatedTables()));
  const server = await createServer(
    await AppModule.of(parts, limits, readiness), { ...parts, authenticator, limits, admission });
  running.onStop(() => {
    admission.close();
    return server.app.close();
  });
  await server.app.listen(config.PORT, config.HOST).catch((error: unknown) => {
    throw asPortTaken(error, config) ?? error;
  });
  if (config.DEMO) await demonstrate(config, parts, server, running);
  return addressOf(server, config.HOST);
}

/** Tables of an earlier version have not the columns that this code asks for. */
const outdated = (names: readonly string[]): string | null =>
  names.length === 0 ? null : `rebuild of ${names.join(', ')}`;

async function demonstrate(config: Config, parts: Parts, server: Server, running: Running): Promise<void> {
  const { signal } = running.stopping;
  running.begins('demo');
  // Applications ask the table of bank codes, which must hold the list first.
  await caughtUp(parts, signal);
  await seedDemo({
    commands: server.app.get(CommandBus), queries: server.app.get(QueryBus),
    know: (...who) => parts.identity.people.enter(...who),
    seed: config.DEMO_SEED, payments: config.DEMO_PAYMENTS, say, signal,
  });
  if (config.SIGN_IN_ROOTS === undefined) {
    await untilItPasses(() => listDemoStaff(config, parts.identity), signal);
  }
  say('等候讀取表跟上。 Waiting for the tables to catch up.');
  await caughtUp(parts, signal);
}

/** Every table has seen everything there is now. */
async function caughtUp({ log, readStore }: Parts, signal: AbortSignal): Promise<void> {
  const head = await untilItPasses(() => log.head(), signal);
  for (const { name } of projections) {
    const hasCome = (): Promise<boolean> => readStore.waitFor(name, head, catchUpMs);
    while (!await untilItPasses(hasCome, signal)) signal.throwIfAborted();
  }
}

export function addressOf({ app }: Server, host: string): string {
  return urlOf(host, (app.getHttpServer().address() as AddressInfo).port);
}

export const urlOf = (host: string, port: number): string =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
