import { z } from 'zod';
import { InvalidConnectionString, assertConnectionString } from './event-store/kurrent/connection-string.js';
import { kurrentDefaults } from './event-store/kurrent/options.js';

const processRoles = ['api', 'projector', 'worker'] as const;

const KIB = 1024;
const GIB = 1024 ** 3;
const masterKeyBytes = 32;
const usualPool = 20;
const usualUploads = 8;

const isMasterKey = (text: string): boolean => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === masterKeyBytes && bytes.toString('base64') === text;
};

const kurrentUrl = z.string().superRefine((url, context) => {
  try {
    assertConnectionString(url);
  } catch (error) {
    if (!(error instanceof InvalidConnectionString)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

/** No path and no slash after it: what is signed is compared as text. */
const isOrigin = (text: string): boolean => {
  if (!URL.canParse(text)) return false;
  const { origin, protocol, hostname } = new URL(text);
  const isThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return origin === text && (protocol === 'https:' || (protocol === 'http:' && isThisMachine));
};

const listOfOids = z.string()
  .transform((text) => text.split(',').map((oid) => oid.trim()))
  .pipe(z.array(z.string().regex(/^[012](\.\d{1,12}){1,20}$/)).min(1));

const listOfRoles = z.string()
  .transform((text) => text.split(',').map((role) => role.trim()).filter((role) => role !== ''))
  .pipe(z.array(z.enum(processRoles)).min(1));

const wholeNumber = (min: number, max: number, fallback: number) =>
  z.string().regex(/^\d{1,15}$/, 'must be a whole number').transform(Number)
    .pipe(z.number().min(min).max(max)).default(fallback);

/** Every setting there is: its default, its limits, and why they are what they are. */
export const settings = {
  NODE_ENV: z.string().default('development')
    .describe('"production" forbids demo mode: demo tokens are handed out without any sign-in.'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional()
    .describe('PostgreSQL. Unset: the embedded server under DATA_DIR, so that a fresh clone needs nothing.'),
  EVENT_STORE_URL: kurrentUrl.optional()
    .describe('KurrentDB as the log: esdb://user:password@host,host?tls=true. Unset: it is in PostgreSQL.'),
  EVENT_STORE_DEADLINE_MS: wholeNumber(500, 60_000, kurrentDefaults.deadlineMs)
    .describe('Longest wait for KurrentDB. Its cluster gives up a commit after 2 s: less never hears of it.'),
  EVENT_STORE_KEEPALIVE_INTERVAL_MS: wholeNumber(10_000, 3_600_000, kurrentDefaults.keepAliveIntervalMs)
    .describe('How often a connection to KurrentDB is probed; servers close what probes more often.'),
  EVENT_STORE_KEEPALIVE_TIMEOUT_MS: wholeNumber(1_000, 60_000, kurrentDefaults.keepAliveTimeoutMs)
    .describe('An unanswered probe ends the connection after so long: a short pause of KurrentDB passes.'),
  EVENT_STORE_MAX_APPEND_BYTES: wholeNumber(64 * KIB, 16 * KIB * KIB, kurrentDefaults.maxAppendBytes)
    .describe('What KurrentDB takes at once (its MaxAppendSize). Larger imports go to it in parts.'),
  EVENT_STORE_PARALLEL_CALLS: wholeNumber(1, 80, kurrentDefaults.parallelCalls)
    .describe('Calls under way at KurrentDB: it takes 100 per connection, subscriptions included.'),
  DATA_DIR: z.string().min(1).default('var')
    .describe('Where the embedded server, its generated master key and ready.json live.'),
  HOST: z.string().min(1).default('127.0.0.1')
    .describe('Loopback unless said otherwise: TLS ends in front of this process, nobody reaches it bare.'),
  PORT: wholeNumber(0, 65_535, 3000)
    .describe('0 takes any free port; the one taken is printed and written to ready.json.'),
  ROLES: listOfRoles.default([...processRoles])
    .describe('What this process does. All by default; one each to grow out of one machine.'),
  DEMO: z.enum(['on', 'off']).optional()
    .describe('Demo people, payments and tokens. On by default only where log and tables are embedded.'),
  DEMO_PAYMENTS: wholeNumber(1, 1_000_000, 20_000)
    .describe('Payments of the demo treasury: enough to page through, few enough to load while one watches.'),
  DEMO_SEED: wholeNumber(0, 2_147_483_647, 1)
    .describe('The same seed writes the same demo payments, byte for byte.'),
  DEMO_CARD_READER: z.enum(['auto', 'memory', 'off']).default('off')
    .describe('Card agent and cards of the demo. npm start says auto: virtual reader of pcscd, else memory.'),
  READY_FILE: z.string().min(1).optional()
    .describe('Written once all is served. Default: ready.json in DATA_DIR, embedded or as demo; else none.'),
  MANAGEMENT_HOST: z.string().min(1).default('127.0.0.1')
    .describe('Of metrics and probes. Never a public one: metrics tell what the treasury is busy with.'),
  MANAGEMENT_PORT: wholeNumber(0, 65_535, 0)
    .describe('0 takes any free port: many processes may share a machine. Name one for Prometheus to find.'),
  PUBLIC_ORIGIN: z.string().refine(isOrigin, 'must be https://host, nothing after it').optional()
    .describe('As browsers write it. What card agents sign, and mails lead to. Unset: this machine only.'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional()
    .describe('Mail server, smtp://user:password@host:587. Unset: the demo keeps its mails, else none go out.'),
  MAIL_FROM: z.string().min(3).max(254).default('no-reply@treasury.invalid')
    .describe('Sender of every mail; one that the mail server may send for.'),
  SIGN_IN_ROOTS: z.string().min(1).optional()
    .describe('Roots and the authorities below, in a file or directory. Unset: no certificate signs in.'),
  SIGN_IN_CRLS: z.string().min(1).optional()
    .describe('Their revocation lists, renewed by whatever fetches them; a new file is seen within 30 s.'),
  SIGN_IN_POLICIES: listOfOids.default(['2.16.886.101.0.3.3'])
    .describe('Policies, under one of which a certificate must be. GPKI\'s third level of assurance.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional()
    .describe('Collector of traces (OTLP over HTTP; /v1/traces is added). Unset: none are made.'),
  OTEL_SERVICE_NAME: z.string().regex(/^[\w.-]{1,64}$/).default('treasury')
    .describe('What traces call this service.'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1)
    .describe('Share of requests traced, 0 to 1. A caller that sends traceparent decides by itself.'),
  MASTER_KEY: z.string().refine(isMasterKey, 'must be 32 bytes in standard base64').optional()
    .describe('Wraps the keys of personal data. Required with DATABASE_URL. Losing it loses every name.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')
    .describe('Commands, ids and outcomes; no level shows a body, a token or a query string. '
      + '`npm start` with the embedded database: warn.'),
  POOL_SIZE: wholeNumber(4, 200, usualPool)
    .describe('Connections for requests. Besides, a process has 13 for the log, a projector 21 for tables.'),
  MAX_JSON_BYTES: wholeNumber(KIB, KIB * KIB, 128 * KIB)
    .describe('Largest JSON body. The largest command, a correction with a thousand invoices, has 90 KB.'),
  MAX_LIST_BYTES: wholeNumber(KIB, 64 * KIB * KIB, 8 * KIB * KIB)
    .describe('Largest bank-code list, held in memory to be compared whole. The real one has 0.5 MB.'),
  MAX_BATCH_BYTES: wholeNumber(KIB, 16 * GIB, 2 * GIB)
    .describe('Largest payment batch; streamed. A peak day of 200,000 rows is 40 MB, a whole year 1 GB.'),
  REQUESTS_IN_WORK: wholeNumber(1, 1_000, 32)
    .describe('Requests worked on at once: some more than connections of the pool keep all of them busy.'),
  REQUESTS_QUEUED: wholeNumber(0, 10_000, 128)
    .describe('Requests that wait: half a second\'s work of two cores. The next one is told 503 at once.'),
  UPLOADS_IN_WORK: wholeNumber(1, 100, usualUploads)
    .describe('Files received or waiting for their verdict at once. Each may hold 3 MiB (8: 24 MiB) and a '
      + 'connection: at most half of POOL_SIZE, the default lowered to it; the rest is for everybody else.'),
  REQUEST_SECONDS: wholeNumber(1, 300, 10)
    .describe('Longest from a request\'s first line to its answer, body and turn included; twice ?wait-for.'),
  UPLOAD_SILENCE_SECONDS: wholeNumber(1, 600, 30)
    .describe('Files may take longer, as long as some of it comes. Silent for so long, an upload is cut.'),
  SHUTDOWN_SECONDS: wholeNumber(1, 600, 10)
    .describe('How long running requests and loops may take to finish after a signal.'),
} as const;

type Given = Readonly<Partial<Record<keyof typeof settings, string>>>;

const isPart = (roles: string): boolean => !processRoles.every((role) => roles.includes(role));

const demoIsOn = (given: Given): boolean => {
  const ownsNothing = given.DATABASE_URL === undefined && given.EVENT_STORE_URL === undefined;
  const isWhole = given.ROLES === undefined || !isPart(given.ROLES);
  if (given.DEMO !== undefined) return given.DEMO === 'on';
  return ownsNothing && isWhole && given.NODE_ENV !== 'production';
};

/** What no single setting can know. From the raw texts, so that it is told beside every other problem. */
function contradictions(given: Given): string[] {
  const demo = demoIsOn(given);
  const isOfMany = given.ROLES !== undefined && isPart(given.ROLES);
  const isShared = isOfMany || given.DATABASE_URL !== undefined;
  return [
    isOfMany && given.DATABASE_URL === undefined
      ? 'DATABASE_URL: is required where ROLES names a part of the service: parts meet in one database' : '',
    demo && given.NODE_ENV === 'production' ? 'DEMO: must be off when NODE_ENV is production' : '',
    demo && given.ROLES !== undefined && !given.ROLES.includes('api')
      ? 'DEMO: needs the api role, which hands out the demo tokens' : '',
    given.EVENT_STORE_URL !== undefined && given.DATABASE_URL === undefined
      ? 'DATABASE_URL: is required with EVENT_STORE_URL: the keys of its facts must outlive DATA_DIR' : '',
    (given.SIGN_IN_ROOTS === undefined) !== (given.SIGN_IN_CRLS === undefined)
      ? 'SIGN_IN_CRLS: is required with SIGN_IN_ROOTS, and means nothing without' : '',
    isShared && given.MASTER_KEY === undefined
      ? 'MASTER_KEY: is required with DATABASE_URL: every process must wrap keys with the same one' : '',
    Number(given.UPLOADS_IN_WORK) > Number(given.POOL_SIZE ?? usualPool) / 2
      ? 'UPLOADS_IN_WORK: must be at most half of POOL_SIZE: every upload holds a connection' : '',
  ].filter((problem) => problem !== '');
}

const schema = z.object(settings);
type Read = z.output<typeof schema>;
export type Config = Readonly<Omit<Read, 'DEMO' | 'READY_FILE'> & {
  DEMO: boolean;
  READY_FILE: string;
  /** False for a process that keeps nothing on the local disk. */
  writesReadyFile: boolean;
}>;

/** How people register and sign in. */
export const identityOptionsOf = (config: Config) => ({
  publicOrigin: config.PUBLIC_ORIGIN ?? null, smtpUrl: config.SMTP_URL, mailFrom: config.MAIL_FROM,
  demo: config.DEMO, ...trustOf(config),
});

/** Only where somebody signs in: other processes need not have the files. */
const trustOf = ({ SIGN_IN_ROOTS: roots, SIGN_IN_CRLS: revocationLists, SIGN_IN_POLICIES, ROLES }: Config) =>
  (roots === undefined || revocationLists === undefined || !ROLES.includes('api') ? {}
    : { trust: { roots, revocationLists, policies: SIGN_IN_POLICIES } });

/** Names the settings that are wrong and what is wrong with them, all at once, and never shows a value. */
export class InvalidConfig extends Error {
  constructor(readonly problems: readonly string[]) {
    super(`設定有誤 / invalid configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'InvalidConfig';
  }
}

/** Empty counts as unset: that is what an empty line in an env file means. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given: Given = Object.fromEntries(Object.keys(settings)
    .map((name) => [name, environment[name]] as const)
    .filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  const wrong = result.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
  const problems = [...wrong, ...contradictions(given)];
  if (!result.success || problems.length > 0) throw new InvalidConfig(problems);
  const { DATA_DIR, READY_FILE = `${DATA_DIR}/ready.json` } = result.data;
  const DEMO = demoIsOn(given);
  const writesReadyFile = DEMO || given.READY_FILE !== undefined || given.DATABASE_URL === undefined;
  const UPLOADS_IN_WORK = Math.min(result.data.UPLOADS_IN_WORK, Math.floor(result.data.POOL_SIZE / 2));
  return { ...result.data, UPLOADS_IN_WORK, DEMO, READY_FILE, writesReadyFile };
}
