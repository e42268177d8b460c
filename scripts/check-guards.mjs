// npm run check:guards: takes away each guard, ownership check, row filter and policy in turn, in a copy of
// the sources, and expects the tests of authorization to fail each time. `--only WORD`: those with that name.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './prepare.mjs';

const { values: { only = '' } } = parseArgs({ options: { only: { type: 'string' } } });
const controllers = 'src/infrastructure/http';

/** Every @Access that asks for a role, weakened to anyone; every other mark taken off. */
function routeGuards() {
  const files = readdirSync(join(root, controllers), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.controller.ts')).map((file) => `${controllers}/${file}`).sort();
  return files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const marks = [...text.matchAll(/@Access\('(?!anyone)[^)]*\)|@Sensitive\(\)|@FromOwnPages\(\)/g)];
    return marks.map(({ 0: mark, index }) => {
      const weaker = mark.startsWith('@Access') ? "@Access('anyone')" : '';
      const line = text.slice(0, index).split('\n').length;
      return { name: `${mark} ${file.slice(controllers.length + 1)}:${line}`, file, index, mark, weaker };
    });
  });
}

const domain = 'src/domain';
const read = 'src/projections';
/** `from` must stand there: a mutation that finds nothing would prove nothing. */
const checks = [
  ['ownership of an account', `${domain}/accounts/account.ts`, /state\.applicantId !== applicantId/, 'false'],
  ['four eyes', `${domain}/accounts/account.ts`,
    /by === applied\.appliedBy \|\| by === applied\.applicantId \|\| applicantId === applied\.applicantId/, 'false'],
  ['own accounts only', 'src/application/accounts/readable-accounts.ts',
    /ownerId === reading\.applicantId\) return/, 'true) return'],
  ['scope of a program', 'src/application/accounts/readable-accounts.ts',
    /only === null \? asked/, 'true ? asked'],
  ['a delegation of this company', 'src/application/accounts/readable-accounts.ts',
    /grant\?\.companyId !== ownerId/, 'false'],
  ['revoked credentials', `${domain}/api-credentials/api-credentials.ts`,
    /revokedAt === null && at < expiresAt/, 'at < expiresAt'],
  ['expired credentials', `${domain}/api-credentials/api-credentials.ts`,
    /revokedAt === null && at < expiresAt/, 'revokedAt === null'],
  ['secret of a token', 'src/infrastructure/api-credentials/api-token-table.ts',
    /sameBytes\(row\.secret_hash, digestOfSecret\(secret\)\)/, 'true'],
  ['operator behind a program', `${controllers}/api-callers.ts`, /roles\.includes\('operator'\)/, 'true'],
  ['idle sessions', 'src/infrastructure/identity/session-table.ts', / AND seen_at >= \$2 AND/, ' AND $2 > \'\' AND'],
  ['filter of accounts', `${read}/accounts/find-accounts-of.ts`, /WHERE a\.applicant_id = \$1/, 'WHERE $1 <> \'\''],
  ['filter of applicants', `${read}/applicants/find-applicant.ts`, /WHERE a\.applicant_id = \$1/, 'WHERE $1 <> \'\''],
  ['filter of histories', `${read}/payment-timeline/find-payment-history.ts`,
    /WHERE t\.payment_id = \$1/, 'WHERE $1 <> \'\''],
  ['filter of sign-ins', `${read}/sign-ins/find-sign-ins.ts`, /s\.person_id = \$1/, '$1 <> \'\''],
  ['filter of pages', `${read}/reconciliation/find-reconciliations.sql.ts`,
    /r\.account_key = a\.account_key\n/, 'true\n'],
  ...['accounts/accounts', 'applicants/applicants', 'payment-timeline/payment-timeline',
    'reconciliation/reconciliation', 'sign-ins/sign-ins'].map((name) => [
    `policy of ${name.split('/')[1]}`, `${read}/${name}.projection.ts`, /person: ownRows\.[^}]*?\), staff/,
    'person: \'all\', staff']),
  ...['accounts/account-history', 'payment-batches/payment-batches'].map((name) => [
    `policy of ${name.split('/')[1]}`, `${read}/${name}.projection.ts`, /person: 'none'/, 'person: \'all\'']),
];

const mutations = [
  ...routeGuards().map(({ name, file, index, mark, weaker }) => ({
    name, file,
    change: (text) => `${text.slice(0, index)}${weaker}${text.slice(index + mark.length)}`,
  })),
  ...checks.map(([name, file, from, to]) =>
    ({ name, file, change: (text) => replaced(text, from, to, name) })),
].filter(({ name }) => name.includes(only));

function replaced(text, from, to, name) {
  if (!from.test(text)) throw new Error(`${name}: not found`);
  return text.replaceAll(new RegExp(from, 'g'), () => to);
}

const copy = mkdtempSync(join(tmpdir(), 'treasury-guards-'));
const unnoticed = [];
try {
  for (const part of ['src', 'test', 'data', 'docs', 'jest.config.mjs', 'package.json', 'tsconfig.json']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  for (const part of ['node_modules', 'card-agent']) symlinkSync(join(root, part), join(copy, part));
  const started = Date.now();
  if (!isGreen()) throw new Error('the tests fail before anything is taken away');
  for (const { name, file, change } of mutations) {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, change(text));
    const noticed = !isGreen();
    writeFileSync(path, text);
    if (!noticed) unnoticed.push(name);
    console.log(`${noticed ? 'noticed  ' : 'UNNOTICED'} ${name}`);
  }
  const seconds = Math.round((Date.now() - started) / 1_000);
  console.log(`\n${mutations.length - unnoticed.length} of ${mutations.length} noticed, in ${seconds} s`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.exit(unnoticed.length === 0 ? 0 : 1);

/** Stops at the first failing file: one is enough. */
function isGreen() {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const tests = ['matrix', 'row-filters', 'row-level-security', 'api-credentials']
    .map((name) => `test/authorization/${name}`);
  const { status } = spawnSync(process.execPath, [jest, '-i', '--bail', '--silent', ...tests],
    { cwd: copy, stdio: 'ignore', timeout: 300_000 });
  return status === 0;
}
