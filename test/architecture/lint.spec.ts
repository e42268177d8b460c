import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

interface Text { readonly rule: string; readonly file: string; readonly code: string }
interface Planted extends Text { readonly says: RegExp }

// Typed rules need files of the project: each text is linted in the place of one that exists.
const domain = 'src/domain/decider.ts';
const application = 'src/application/handle.ts';
const projections = 'src/projections/projection.ts';
const http = 'src/infrastructure/config.ts';
const spec = 'test/architecture/lint.spec.ts';

const lines = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');
const cqrs = (name: string): Planted => ({
  rule: `${name} of @nestjs/cqrs is banned`, file: application,
  code: `import { ${name} } from '@nestjs/cqrs';\nexport const it = ${name};\n`, says: /application\/handle\.ts/,
});
const domainGlobal = (expression: string): Planted => ({
  rule: `no ${expression} in the domain`, file: domain, code: `export const x = ${expression};\n`,
  says: /comes? inside/,
});

const planted: readonly Planted[] = [
  ...['EventBus', 'EventPublisher', 'AggregateRoot', 'EventsHandler', 'Saga'].map(cqrs),
  {
    rule: 'forwardRef is banned', file: application,
    code: "import { forwardRef } from '@nestjs/common';\nexport const x = forwardRef;\n", says: /meet in a handler/,
  },
  {
    rule: 'TypeORM is for migrations only', file: http,
    code: "import { DataSource } from 'typeorm';\nexport const x = DataSource;\n", says: /through pg/,
  },
  {
    rule: 'a table is not written by save()', file: projections,
    code: 'export const x = (rows: { save(row: number): void }): void => rows.save(1);\n', says: /unnest or COPY/,
  },
  {
    rule: 'a table is not read by a query builder', file: projections,
    code: 'export const x = (rows: { createQueryBuilder(): void }): void => rows.createQueryBuilder();\n',
    says: /unnest or COPY/,
  },
  {
    rule: 'a switch of the domain has no default', file: domain,
    code: "export const x = (a: 'b' | 'c'): 1 | 2 => {\n"
      + "  switch (a) { case 'b': return 1; default: return 2; }\n};\n",
    says: /fail to compile until it is handled/,
  },
  {
    rule: 'a switch over a union handles every member', file: application,
    code: "export const x = (a: 'b' | 'c'): number => { switch (a) { case 'b': return 1; } return 2; };\n",
    says: /switch-exhaustiveness-check.*not exhaustive/s,
  },
  ...['new Date()', 'Date.now()', 'Math.random()', 'process.env.TZ', 'setTimeout(() => 1)'].map(domainGlobal),
  {
    rule: 'no throw in the domain', file: domain,
    code: "export const x = (): never => { throw new Error('x'); };\n", says: /refuse\(code\)/,
  },
  {
    rule: 'no async in the domain', file: domain,
    code: 'export const x = async (): Promise<number> => 1;\n', says: /pure/,
  },
  {
    rule: 'no fractions in the domain', file: domain,
    code: 'export const x = (n: number): number => n * 1.05;\n', says: /no fractions/,
  },
  { rule: 'no parseFloat', file: http, code: "export const x = parseFloat('1');\n", says: /never a float/ },
  { rule: 'no Number.parseFloat', file: http, code: "export const x = Number.parseFloat('1');\n", says: /never a float/ },
  {
    rule: 'no toFixed', file: http,
    code: 'export const x = (n: number): string => n.toFixed(2);\n', says: /whole 元/,
  },
  {
    rule: 'no async listener', file: http,
    code: "import type { Readable } from 'node:stream';\n"
      + "export const x = (r: Readable): Readable => r.on('data', async (chunk) => { await chunk; });\n",
    says: /for await/,
  },
  {
    rule: 'the expected revision has no default', file: http,
    code: 'export const x = (expectedRevision = -1): number => expectedRevision;\n', says: /never optional/,
  },
  {
    rule: 'the expected revision is not optional', file: http,
    code: 'export interface X { expectedRevision?: number }\n', says: /never optional/,
  },
  {
    rule: 'the expected revision is never any', file: http,
    code: "export const x = { expectedRevision: 'any' };\n", says: /never "any"/,
  },
  {
    rule: 'a missing expected revision is not made up', file: http,
    code: 'export const x = (expectedRevision: number | null): number => expectedRevision ?? -1;\n',
    says: /never optional/,
  },
  { rule: 'no console in the service', file: http, code: "console.log('x');\n", says: /no-console/ },
  { rule: 'no any', file: http, code: 'export const x = (a: any): number => a.b;\n', says: /no-explicit-any/ },
  {
    rule: 'a type is imported where dependency-cruiser sees it', file: application,
    code: "export type X = import('../domain/decider.js').Fact;\n", says: /consistent-type-imports/,
  },
  {
    rule: 'a promise is awaited', file: http,
    code: 'export const x = (f: () => Promise<void>): void => { f(); };\n', says: /no-floating-promises/,
  },
  { rule: 'no index.ts', file: 'src/application/index.mjs', code: 'export const x = 1;\n', says: /No index\.ts/ },
  ...['money-utils', 'test-helpers', 'account-manager', 'base', 'base.repository'].map((name): Planted => ({
    rule: `no file is called ${name}`, file: `scripts/${name}.mjs`, code: 'export const x = 1;\n', says: /what it does/,
  })),
  ...['moneyUtils', 'helpers', 'AccountManager', 'BaseHandler'].map((name): Planted => ({
    rule: `nothing is called ${name}`, file: http, code: `export class ${name} {}\n`, says: /what it does/,
  })),
  {
    rule: 'at most 250 lines', file: http, code: lines(251, (n) => `export const x${n} = ${n};`), says: /max-lines: /,
  },
  {
    rule: 'at most 150 lines in the domain', file: domain,
    code: lines(151, (n) => `export const x${n} = ${n};`), says: /max-lines: /,
  },
  {
    rule: 'at most 40 lines in a function', file: http,
    code: `export function x(n: number): void {\n${lines(39, (n) => `  n += ${n};`)}\n}\n`,
    says: /max-lines-per-function/,
  },
  {
    rule: 'at most 110 characters in a line', file: http,
    code: `export const x = '${'a'.repeat(100)}';\n`, says: /max-len/,
  },
  {
    rule: 'at most 4 parameters', file: http,
    code: 'export const x = (a: 1, b: 1, c: 1, d: 1, e: 1): number[] => [a, b, c, d, e];\n', says: /max-params/,
  },
  {
    rule: 'no left-over notes', file: http,
    code: `// ${'TO'}DO: later\nexport const x = 1;\n`, says: /no-warning-comments/,
  },
  { rule: 'no skipped test', file: spec, code: "it.skip('x', () => {});\n", says: /no test/ },
  { rule: 'no lone test', file: spec, code: "describe.only('x', () => {});\n", says: /no test/ },
  { rule: 'no planned test', file: spec, code: "test.todo('x');\n", says: /no test/ },
  { rule: 'no test switched off by name', file: spec, code: "xit('x', () => {});\n", says: /no test/ },
  { rule: 'no mocks of our own code', file: spec, code: "jest.mock('../../src/domain/decider.js');\n", says: /contract suite/ },
];

/**
 * What the bans leave open, in the same places: a ban that hits these would be as wrong as one that hits
 * nothing.
 */
const allowed: readonly Text[] = [
  { rule: 'the command bus', file: application,
    code: "import { CommandBus } from '@nestjs/cqrs';\nexport const x = CommandBus;\n" },
  { rule: 'a clock outside the domain', file: http, code: 'export const x = (): number => Date.now();\n' },
  { rule: 'a plain listener', file: http, code: "import type { Readable } from 'node:stream';\n"
    + "export const x = (r: Readable): Readable => r.on('error', () => {});\n" },
  { rule: 'an expected revision that was read', file: application,
    code: 'export const x = (revision: number): object => ({ expectedRevision: revision });\n' },
  { rule: 'an exhaustive switch', file: domain,
    code: "export const x = (a: 'b' | 'c'): 1 | 2 => {\n"
      + "  switch (a) { case 'b': return 1; case 'c': return 2; }\n};\n" },
  { rule: 'a database', file: http, code: "export const database = 'x';\n" },
  { rule: 'console in a command', file: 'src/commands/rebuild.ts', code: "console.log('x');\n" },
  { rule: 'TypeORM in a migration', file: 'src/infrastructure/migrations/0001-event-log.ts',
    code: "import type { QueryRunner } from 'typeorm';\nexport type X = QueryRunner;\n" },
];

interface Linted { readonly said: string[][]; readonly bans: string[] }

function lint(texts: readonly { readonly file: string; readonly code: string }[]): Linted {
  const output = execFileSync(process.execPath, [join(__dirname, 'lint-texts.mjs')], {
    input: JSON.stringify(texts), encoding: 'utf8', maxBuffer: 64 * 1024 ** 2,
    // With CI=true typescript-eslint takes files as they are on disk; ours are texts in their place.
    env: { ...process.env, TSESTREE_SINGLE_RUN: 'false' },
  });
  return JSON.parse(output) as Linted;
}

describe('the linter', () => {
  let linted: Linted;
  beforeAll(() => { linted = lint([...planted, ...allowed]); }, 120_000);

  it.each(planted.map((text, n) => ({ ...text, n })))('says so: $rule', ({ says, n }) => {
    expect(linted.said[n]).toContainEqual(expect.stringMatching(says));
  });

  it.each(allowed.map((text, n) => ({ ...text, n: planted.length + n })))('allows $rule', ({ n }) => {
    expect(linted.said[n]).toEqual([]);
  });

  it('has a planted violation for every ban', () => {
    const heard = linted.said.flat().join('\n');
    expect(linted.bans.length).toBeGreaterThan(10);
    expect(linted.bans.filter((ban) => !heard.includes(ban))).toEqual([]);
  });
});
