// What `npm run check:guards` takes away: { name, file, text, runs }, where `text` is the source without one
// guard, check, filter or policy, and `runs` says which tests should miss it.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../prepare.mjs';

const http = 'src/infrastructure/http';
const domain = 'src/domain';
const read = 'src/projections';
const spec = (name) => `test/authorization/${name}.spec.ts`;

export const allSpecs = ['matrix', 'row-filters', 'row-level-security', 'api-credentials']
  .map((name) => ({ spec: spec(name) }));

const matrixRows = (...routes) => ({
  spec: spec('matrix'), titles: routes.map((route) => `${route.replace(/[/?.]/g, '\\$&')} of `).join('|'),
});
const [filters, policies, credentials] =
  ['row-filters', 'row-level-security', 'api-credentials'].map((name) => ({ spec: spec(name) }));

/** Every @Access that asks for a role, opened to anyone; every other mark taken off. */
function routeGuards() {
  const files = readdirSync(join(root, http), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.controller.ts')).sort();
  return files.flatMap((file) => {
    const text = readFileSync(join(root, http, file), 'utf8');
    const marks = [...text.matchAll(/@Access\('(?!anyone)[^)]*\)|@Sensitive\(\)|@FromOwnPages\(\)/g)];
    return marks.map(({ 0: mark, index }) => {
      const [from, to] = [index, index + mark.length];
      const weaker = mark.startsWith('@Access') ? "@Access('anyone')" : '';
      const route = routeAt(text, index);
      const name = `${mark} of ${route}`;
      return {
        name, file: `${http}/${file}`, text: text.slice(0, from) + weaker + text.slice(to),
        runs: [matrixRows(route)],
      };
    });
  });
}

/** The route of a mark: the method's decorator stands in the same paragraph, the prefix before the class. */
function routeAt(text, index) {
  const paragraph = text.slice(text.lastIndexOf('\n\n', index), index);
  const [, verb, path] = [...paragraph.matchAll(/@(Get|Post|Put|Delete)\((?:'([^']*)')?\)/g)].at(-1);
  const prefix = /@Controller\((?:'([^']*)')?\)/.exec(text)[1];
  return `${verb.toUpperCase()} ${['/api/v1', prefix, path].filter(Boolean).join('/')}`;
}

const [account, withdrawal, history] = [
  'DELETE /api/v1/accounts/:accountId', 'POST /api/v1/accounts/:accountId/withdrawal',
  'GET /api/v1/payments/:paymentId/history',
];
const page = matrixRows('GET /api/v1/reconciliations');
const readable = 'src/application/accounts/readable-accounts.ts';

/** Name, file, what stands there, what instead, which tests. What is not there any more is an error. */
const checks = [
  ['ownership of an account', `${domain}/accounts/account.ts`,
    /state\.applicantId !== applicantId/, 'false', matrixRows(account, withdrawal)],
  ['four eyes', `${domain}/accounts/account.ts`,
    /by === applied\.appliedBy \|\| by === applied\.applicantId \|\| applicantId === applied\.applicantId/,
    'false', matrixRows('POST /api/v1/reviews/:accountId/approval')],
  ['own accounts only', readable, /ownerId === reading\.applicantId\) return/, 'true) return', page],
  ['own accounts in what is given away', readable, /ownerId === applicantId/, 'true',
    matrixRows('POST /api/v1/api-credentials')],
  ['scope of a program', readable, /only\.accountIds\.includes\(accountId\)/, 'true', page],
  ['a delegation at all', readable,
    /if \(grant\?\.companyId !== ownerId \|\| !isForApproval\(grant\.grantedAt, approvedAt\)\) return \[\];/,
    'if (grant === undefined) return [{ ...account, delegation: null }];',
    matrixRows('GET /api/v1/reconciliations', history)],
  ['revoked delegations', `${domain}/delegations/delegation-state.ts`, /!isRevoked && /, '', page],
  ['delegations past their last day', `${domain}/delegations/delegation-state.ts`,
    / && !isOver\(expiresOn, at\)/, '', page],
  ['a company\'s own delegation', `${domain}/delegations/delegation.ts`,
    /state\.companyId !== companyId/, 'false',
    matrixRows('POST /api/v1/delegations/:delegationId/revocations')],
  ['revoked credentials', `${domain}/api-credentials/api-credentials.ts`,
    /revokedAt === null && at < expiresAt/, 'at < expiresAt', credentials],
  ['expired credentials', `${domain}/api-credentials/api-credentials.ts`,
    /revokedAt === null && at < expiresAt/, 'revokedAt === null', credentials],
  ['secret of a token', 'src/infrastructure/api-credentials/api-token-table.ts',
    /sameBytes\(row\.secret_hash, digestOfSecret\(secret\)\)/, 'true', credentials],
  ['operator behind a program', `${http}/api-callers.ts`, /roles\.includes\('operator'\)/, 'true', credentials],
  ['idle sessions', 'src/infrastructure/identity/session-table.ts',
    / AND seen_at >= \$2 AND/, ' AND $2 > \'\' AND', matrixRows('GET /api/v1/session')],
  ['roles of routes', `${http}/access.ts`, /if \(access === 'anyone'\) return;/, 'return;',
    matrixRows('GET /api/v1/staff')],
  ['pages of other sites', `${http}/access.ts`, /config\?\.fromOwnPages \|\| comesWithCookie/, 'false',
    matrixRows('POST /api/v1/accounts')],
  ['the card once more', `${http}/access.ts`, /if \(request\.routeOptions\.config\.sensitive &&/,
    'if (false &&', matrixRows('POST /api/v1/staff')],
  ['filter of accounts', `${read}/accounts/find-accounts-of.ts`,
    /WHERE a\.applicant_id = \$1/, 'WHERE $1 <> \'\'', filters],
  ['filter of applicants', `${read}/applicants/find-applicant.ts`,
    /WHERE a\.applicant_id = \$1/, 'WHERE $1::text IS NOT NULL', filters],
  ['filter of delegations given', `${read}/delegations/find-delegations.ts`,
    /[pd]\.company_id = \$1/, '$1 <> \'\'', filters],
  ['filter of delegations held', `${read}/delegations/find-delegations.ts`,
    /d\.delegate_id = \$1/, '$1 <> \'\'', filters],
  ['filter of histories', `${read}/payment-timeline/find-payment-history.ts`,
    /WHERE t\.payment_id = \$1/, 'WHERE $1 <> \'\'', filters],
  ['filter of sign-ins', `${read}/sign-ins/find-sign-ins.ts`, /s\.person_id = \$1/, '$1 <> \'\'', filters],
  ['filter of pages', `${read}/reconciliation/find-reconciliations.sql.ts`,
    /r\.account_key = a\.account_key\n/, 'true\n', filters],
  ['filter of totals', `${read}/reconciliation/find-reconciliations.sql.ts`,
    /r\.account_key = ANY \(\$1::text\[\]\)/, '$1::text[] IS NOT NULL', filters],
  ...['accounts/accounts', 'applicants/applicants', 'delegations/delegations',
    'payment-timeline/payment-timeline', 'reconciliation/reconciliation', 'sign-ins/sign-ins',
  ].map((name) => [`policy of ${name.split('/')[1]}`, `${read}/${name}.projection.ts`,
    /person: ownRows\.[^}]*?\), staff/, 'person: \'all\', staff', policies]),
  ['policy of sign-ins for the staff', `${read}/sign-ins/sign-ins.projection.ts`,
    /staff: 'none'/, 'staff: \'all\'', policies],
  ...['accounts/account-history', 'payment-batches/payment-batches'].map((name) => [
    `policy of ${name.split('/')[1]}`, `${read}/${name}.projection.ts`,
    /person: 'none'/, 'person: \'all\'', policies]),
];

/** All of them, or those with this word in their names. */
export const mutations = (only) => [
  ...routeGuards(),
  ...checks.map(([name, file, from, to, run]) =>
    ({ name, file, text: without(name, file, from, to), runs: [run] })),
].filter(({ name }) => name.includes(only));

/** A mutation that finds nothing would prove nothing. */
function without(name, file, from, to) {
  const text = readFileSync(join(root, file), 'utf8');
  if (!from.test(text)) throw new Error(`${name}: not found in ${file}`);
  return text.replaceAll(new RegExp(from, `${from.flags}g`), () => to);
}
