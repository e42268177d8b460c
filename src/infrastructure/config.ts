import { z } from 'zod';

export const processRoles = ['api', 'projector', 'worker'] as const;
export type ProcessRole = (typeof processRoles)[number];

const KIB = 1024;
const GIB = 1024 ** 3;
const masterKeyBytes = 32;

const isMasterKey = (text: string): boolean => {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === masterKeyBytes && bytes.toString('base64') === text;
};

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
  DATA_DIR: z.string().min(1).default('var')
    .describe('Where the embedded server, its generated master key and ready.json live.'),
  HOST: z.string().min(1).default('127.0.0.1')
    .describe('Loopback unless said otherwise: TLS ends in front of this process, nobody reaches it bare.'),
  PORT: wholeNumber(0, 65_535, 3000)
    .describe('0 takes any free port; the one taken is printed and written to ready.json.'),
  ROLES: listOfRoles.default([...processRoles])
    .describe('What this process does. All by default; one each to grow out of one machine.'),
  DEMO: z.enum(['on', 'off']).optional()
    .describe('Demo people, payments and tokens. On by default only with the embedded database.'),
  DEMO_PAYMENTS: wholeNumber(1, 1_000_000, 20_000)
    .describe('Payments of the demo treasury: enough to page through, few enough to load while one watches.'),
  DEMO_SEED: wholeNumber(0, 2_147_483_647, 1)
    .describe('The same seed writes the same demo payments, byte for byte.'),
  READY_FILE: z.string().min(1).optional()
    .describe('Written once everything is served. Default: ready.json in DATA_DIR.'),
  MASTER_KEY: z.string().refine(isMasterKey, 'must be 32 bytes in standard base64').optional()
    .describe('Wraps the keys of personal data. Required with DATABASE_URL. Losing it loses every name.'),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info')
    .describe('Commands, ids and outcomes; no level shows a body, a token or a query string.'),
  POOL_SIZE: wholeNumber(4, 200, 20)
    .describe('Connections of this process, for requests, projectors and worker together.'),
  MAX_JSON_BYTES: wholeNumber(KIB, KIB * KIB, 64 * KIB)
    .describe('Largest JSON body. The largest command, a correction with a hundred invoices, has 10 KB.'),
  MAX_LIST_BYTES: wholeNumber(KIB, 64 * KIB * KIB, 8 * KIB * KIB)
    .describe('Largest bank-code list, held in memory to be compared whole. The real one has 0.5 MB.'),
  MAX_BATCH_BYTES: wholeNumber(KIB, 16 * GIB, 2 * GIB)
    .describe('Largest payment batch; streamed. A peak day of 200,000 rows is 40 MB, a whole year 1 GB.'),
  SHUTDOWN_SECONDS: wholeNumber(1, 600, 10)
    .describe('How long running requests and loops may take to finish after a signal.'),
} as const;

type Given = Readonly<Partial<Record<keyof typeof settings, string>>>;

const demoIsOn = (given: Given): boolean => given.DEMO === undefined
  ? given.DATABASE_URL === undefined && given.NODE_ENV !== 'production'
  : given.DEMO === 'on';

/** What no single setting can know. From the raw texts, so that it is told beside every other problem. */
function contradictions(given: Given): string[] {
  const demo = demoIsOn(given);
  return [
    demo && given.NODE_ENV === 'production' ? 'DEMO: must be off when NODE_ENV is production' : '',
    demo && given.ROLES !== undefined && !given.ROLES.includes('api')
      ? 'DEMO: needs the api role, which hands out the demo tokens' : '',
    given.DATABASE_URL !== undefined && given.MASTER_KEY === undefined
      ? 'MASTER_KEY: is required with DATABASE_URL: every process must wrap keys with the same one' : '',
  ].filter((problem) => problem !== '');
}

const schema = z.object(settings);
type Read = z.output<typeof schema>;
export type Config = Readonly<Omit<Read, 'DEMO' | 'READY_FILE'> & { DEMO: boolean; READY_FILE: string }>;

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
  return { ...result.data, DEMO: demoIsOn(given), READY_FILE };
}
