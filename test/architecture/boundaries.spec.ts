import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface Cruised {
  readonly rules: readonly string[];
  readonly planted: Readonly<Record<string, readonly string[]>>;
  readonly project: { readonly files: readonly string[]; readonly found: readonly string[] };
}

/** What each rule must catch in the folder of its name, as `file -> what it may not import`. */
const mustCatch: Readonly<Record<string, readonly string[]>> = {
  'no-cycles': ['src/domain/payments/payment-batch.ts -> src/domain/payments/payment.ts'],
  'nothing-unresolved': ['src/application/accounts/apply.ts -> ./not-there.js'],
  'domain-imports-nothing': [
    'src/domain/accounts/account.ts -> node_modules/pg/esm/index.mjs',
    'src/domain/accounts/clock.ts -> process',
    'src/domain/accounts/log.ts -> src/application/event-log.ts',
  ],
  'shared-words-know-no-capability': [
    'src/domain/identifiers/voucher.ts -> src/domain/payments/payment.ts',
    'src/domain/money.ts -> src/domain/payments/payment.ts',
  ],
  'capabilities-meet-in-a-handler': ['src/domain/payments/payment.ts -> src/domain/accounts/account.ts'],
  'application-knows-no-adapter': [
    'src/application/accounts/apply-account.ts -> node_modules/pg/esm/index.mjs',
    'src/application/accounts/apply-account.ts -> src/projections/accounts/accounts.ts',
    'src/application/accounts/store.ts -> src/infrastructure/store.ts',
  ],
  'projections-know-fact-types-only': [
    'src/projections/accounts/accounts.projection.ts -> src/domain/accounts/account.ts',
    'src/projections/accounts/handle.ts -> src/application/handle.ts',
  ],
  'views-know-only-tables-of-others': [
    'src/projections/accounts/find-accounts.ts -> src/projections/bank-directory/find-bank-codes.ts',
  ],
  'infrastructure-is-plugged-in': [
    'src/application/lazy.ts -> src/infrastructure/postgres/pool.ts',
    'src/projections/pool.ts -> src/infrastructure/postgres/pool.ts',
  ],
  'nobody-imports-the-composition-root': [
    'src/infrastructure/http/server.ts -> src/app.module.ts',
    'src/infrastructure/rebuild.ts -> src/commands/rebuild.ts',
  ],
  'http-knows-no-store': [
    'src/infrastructure/http/accounts.controller.ts -> src/infrastructure/postgres/pool.ts',
  ],
  'production-needs-no-development-package': [
    'src/infrastructure/random-data.ts -> node_modules/fast-check/lib/fast-check.d.ts',
  ],
  'other-packages-stay-apart': ['card-agent/sign.ts -> src/infrastructure/origin.ts'],
};

describe('the boundaries between layers', () => {
  let cruised: Cruised;
  beforeAll(() => {
    cruised = JSON.parse(execFileSync(process.execPath, [join(__dirname, 'cruise-planted.mjs')], {
      encoding: 'utf8', maxBuffer: 64 * 1024 ** 2,
    })) as Cruised;
  }, 120_000);

  it.each(Object.entries(mustCatch))('the rule %s catches its planted violations', (rule, expected) => {
    const caught = cruised.planted[rule]?.filter((line) => line.startsWith(`${rule}: `)) ?? [];
    expect([...caught].sort()).toEqual(expected.map((line) => `${rule}: ${line}`));
  });

  it('every rule has a planted violation, and every planted folder a rule', () => {
    expect(Object.keys(mustCatch).sort()).toEqual([...cruised.rules].sort());
    expect(readdirSync(join(__dirname, 'planted')).sort()).toEqual([...cruised.rules].sort());
  });

  it('the project keeps every rule', () => {
    const files = (folder: string) => cruised.project.files.filter((file) => file.startsWith(folder));
    expect(files('src/').length).toBeGreaterThan(400);
    expect(files('card-agent/src/').length).toBeGreaterThan(40);
    expect(cruised.project.found).toEqual([]);
  });
});
