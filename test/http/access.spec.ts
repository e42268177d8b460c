import type { InjectOptions } from 'light-my-request';
import type { Service } from './support/service.js';
import { startService } from './support/service.js';
import type { Person, World } from './support/world.js';
import { caughtUp, populate } from './support/world.js';

// Reviewed by hand: who gets what from every route. A route that is not here fails the test below.
const callers = [
  'anonymous', 'payee', 'otherPayee', 'company', 'operator', 'auditor', 'reviewerWhoApplied', 'reviewer',
] as const satisfies readonly (Person | 'anonymous')[];

interface Row {
  readonly route: string;
  readonly ask: (world: World) => Omit<InjectOptions, 'method'>;
  /** In the order of `callers`. */
  readonly answers: readonly number[];
}
const at = (url: string) => () => ({ url });
const csv = { 'content-type': 'text/csv' };

const everybody = [200, 200, 200, 200, 200, 200, 200, 200];
const payeesOnly = (...[own, other, company, both]: readonly [number, number, number, number]) =>
  [401, own, other, company, 403, 403, both, 403];

/** Nobody needs to be anybody for these, but only a page of this site may ask. */
const fromOwnPages = { 'origin': 'http://localhost', 'x-treasury-request': '1', 'host': 'localhost' };
const forEverybody = (path: string, status: number): Row => ({
  route: `POST /api/v1/${path}`,
  ask: () => ({ url: `/api/v1/${path}`, headers: fromOwnPages, payload: {} }),
  answers: everybody.map(() => status),
});
/** With a session only: a token is no person whose registration could be changed. */
const ownRegistration = (method: string, path: string, payload?: object): Row => ({
  route: `${method} /api/v1/registration${path}`,
  ask: () => ({
    url: `/api/v1/registration${path.replace(':agentId', '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11')}`, payload,
  }),
  answers: [401, 403, 403, 403, 403, 403, 403, 403],
});

const table: readonly Row[] = [
  forEverybody('challenges', 201),
  forEverybody('sign-ins', 400),
  forEverybody('sign-ins/certificate', 400),
  forEverybody('registrations', 400),
  forEverybody('registrations/confirmation-mails', 400),
  forEverybody('registrations/confirmations', 400),
  forEverybody('registrations/password-reset-mails', 400),
  forEverybody('registrations/password-resets', 400),
  forEverybody('registrations/devices', 400),
  forEverybody('registrations/deletion-mails', 400),
  forEverybody('registrations/deletions', 400),
  { route: 'GET /api/v1/sign-ins', ask: at('/api/v1/sign-ins'), answers: [401, ...everybody.slice(1)] },
  { route: 'GET /api/v1/session', ask: at('/api/v1/session'), answers: [401, ...everybody.slice(1)] },
  {
    route: 'DELETE /api/v1/session', ask: at('/api/v1/session'),
    answers: [401, 403, 403, 403, 403, 403, 403, 403],
  },
  {
    route: 'POST /api/v1/session/re-authentication',
    ask: () => ({ url: '/api/v1/session/re-authentication', payload: {} }),
    answers: [401, 403, 403, 403, 403, 403, 403, 403],
  },
  {
    route: 'POST /api/v1/session/re-authentication/certificate',
    ask: () => ({ url: '/api/v1/session/re-authentication/certificate', payload: { message: '' } }),
    answers: [401, 403, 403, 403, 403, 403, 403, 403],
  },
  { route: 'GET /api/v1/staff', ask: at('/api/v1/staff'), answers: [401, 403, 403, 403, 200, 200, 403, 403] },
  {
    route: 'POST /api/v1/staff',
    ask: () => ({
      url: '/api/v1/staff', payload: { certificate: 'x', idNumber: 'A123456789', roles: ['auditor'] },
    }),
    answers: [401, 403, 403, 403, 422, 403, 403, 403],
  },
  {
    route: 'DELETE /api/v1/staff/:memberId', ask: at('/api/v1/staff/6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11'),
    answers: [401, 403, 403, 403, 404, 403, 403, 403],
  },
  ownRegistration('GET', ''),
  ownRegistration('PUT', '/password', { password: 'correct horse battery' }),
  ownRegistration('PUT', '/email', { email: 'ming@example.org' }),
  ownRegistration('POST', '/email-confirmations', { ticket: 'A'.repeat(43) }),
  ownRegistration('PUT', '/mobile', { mobile: '0912345678' }),
  ownRegistration('DELETE', '/devices/:agentId'),
  { route: 'GET /health/live', ask: at('/health/live'), answers: everybody },
  { route: 'GET /health/ready', ask: at('/health/ready'), answers: everybody },
  { route: 'GET /api/v1/openapi.json', ask: at('/api/v1/openapi.json'), answers: everybody },
  { route: 'GET /api/v1/bank-codes', ask: at('/api/v1/bank-codes'), answers: everybody },
  { route: 'GET /api/v1/bank-codes/download', ask: at('/api/v1/bank-codes/download'), answers: everybody },
  {
    route: 'POST /api/v1/bank-code-lists',
    ask: () => ({ url: '/api/v1/bank-code-lists', headers: csv, payload: 'x' }),
    answers: [401, 403, 403, 403, 422, 403, 403, 403],
  },
  { route: 'GET /api/v1/applicant', ask: at('/api/v1/applicant'), answers: payeesOnly(200, 200, 200, 200) },
  {
    route: 'PUT /api/v1/applicant/contact',
    ask: () => ({ url: '/api/v1/applicant/contact', payload: { phone: '02-2222-3333' } }),
    answers: payeesOnly(200, 200, 200, 200),
  },
  { route: 'GET /api/v1/accounts', ask: at('/api/v1/accounts'), answers: payeesOnly(200, 200, 200, 200) },
  {
    route: 'POST /api/v1/accounts',
    ask: () => ({
      url: '/api/v1/accounts', payload: { bankCode: '0040037', accountNumber: '9', accountName: '甲' },
    }),
    answers: payeesOnly(201, 201, 201, 201),
  },
  {
    // Approved: its owner is told that it is no longer under review, everybody else that it is not there.
    route: 'POST /api/v1/accounts/:accountId/withdrawal',
    ask: ({ account }) => ({ url: `/api/v1/accounts/${account}/withdrawal` }),
    answers: payeesOnly(409, 404, 404, 404),
  },
  {
    // Under review: its owner is told that it is not approved, everybody else that it is not there.
    route: 'DELETE /api/v1/accounts/:accountId',
    ask: ({ reviewersOwn }) => ({ url: `/api/v1/accounts/${reviewersOwn[0]}` }),
    answers: payeesOnly(404, 404, 404, 409),
  },
  {
    route: 'GET /api/v1/reviews', ask: at('/api/v1/reviews'),
    answers: [401, 403, 403, 403, 403, 200, 200, 200],
  },
  {
    route: 'GET /api/v1/reviews/:accountId', ask: ({ account }) => ({ url: `/api/v1/reviews/${account}` }),
    answers: [401, 403, 403, 403, 403, 200, 200, 200],
  },
  {
    route: 'POST /api/v1/reviews/:accountId/approval',
    ask: ({ reviewersOwn }) => ({ url: `/api/v1/reviews/${reviewersOwn[0]}/approval` }),
    answers: [401, 403, 403, 403, 403, 403, 403, 200],
  },
  {
    route: 'POST /api/v1/reviews/:accountId/rejection',
    ask: ({ reviewersOwn }) => ({
      url: `/api/v1/reviews/${reviewersOwn[1]}/rejection`, payload: { reason: '證件不符' },
    }),
    answers: [401, 403, 403, 403, 403, 403, 403, 200],
  },
  {
    route: 'POST /api/v1/payment-batches',
    ask: () => ({ url: '/api/v1/payment-batches', headers: csv, payload: 'x' }),
    answers: [401, 403, 403, 403, 422, 403, 403, 403],
  },
  {
    route: 'GET /api/v1/payment-batches', ask: at('/api/v1/payment-batches'),
    answers: [401, 403, 403, 403, 200, 200, 403, 403],
  },
  {
    route: 'GET /api/v1/payment-batches/:batchId', ask: at('/api/v1/payment-batches/none'),
    answers: [401, 403, 403, 403, 404, 404, 403, 403],
  },
  {
    route: 'GET /api/v1/payment-batches/deliveries/:deliveryId',
    ask: at('/api/v1/payment-batches/deliveries/6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11'),
    answers: [401, 403, 403, 403, 404, 404, 403, 403],
  },
  {
    route: 'GET /api/v1/payments',
    ask: at('/api/v1/payments?agencyCode=A01&fiscalYear=115&voucherNo=000123&seq=1'),
    answers: [401, 403, 403, 403, 200, 200, 403, 403],
  },
  {
    route: 'GET /api/v1/payments/:paymentId/history',
    ask: ({ payment }) => ({ url: `/api/v1/payments/${payment}/history` }),
    answers: [401, 200, 404, 404, 403, 200, 404, 403],
  },
  {
    route: 'POST /api/v1/payments/:paymentId/corrections',
    ask: ({ payment }) => ({
      url: `/api/v1/payments/${payment}/corrections`,
      payload: { reason: '誤植', correction: { purpose: '更正後' } },
    }),
    answers: [401, 403, 403, 403, 201, 403, 403, 403],
  },
  {
    route: 'GET /api/v1/operations', ask: at('/api/v1/operations'),
    answers: [401, 403, 403, 403, 200, 200, 403, 403],
  },
  {
    route: 'GET /api/v1/delegations', ask: at('/api/v1/delegations'), answers: payeesOnly(200, 200, 200, 200),
  },
  {
    route: 'POST /api/v1/delegations', // In a session only.
    ask: ({ companysAccount: own, delegation: verificationId }) =>
      ({ url: '/api/v1/delegations', payload: { verificationId, accountIds: [own] } }),
    answers: payeesOnly(403, 403, 403, 403),
  },
  {
    route: 'POST /api/v1/delegate-verifications', answers: payeesOnly(403, 403, 403, 403),
    ask: () => ({ url: '/api/v1/delegate-verifications', payload: { message: '' } }),
  },
  {
    route: 'GET /api/v1/delegations/:delegationId/accesses',
    ask: ({ delegation: id }) => ({ url: `/api/v1/delegations/${id}/accesses` }),
    answers: payeesOnly(404, 404, 200, 404),
  },
  {
    route: 'POST /api/v1/delegations/:delegationId/revocations', answers: payeesOnly(404, 404, 200, 404),
    ask: ({ companysAccount: own, delegation: id }) =>
      ({ url: `/api/v1/delegations/${id}/revocations`, payload: { accountIds: [own] } }),
  },
  {
    route: 'GET /api/v1/reconciliations',
    ask: ({ account }) => ({ url: `/api/v1/reconciliations?account=${account}` }),
    answers: payeesOnly(200, 404, 404, 404),
  },
];

let service: Service;
let world: World;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });

describe('the routes of the server', () => {
  const documented = (url: string): boolean => url !== '/api/v1/openapi.json';
  const served = (): string[] => [...new Set(service.server.routes.all()
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url}`))].sort();

  it('are those of the reviewed table, no more and no fewer', () => {
    expect(served()).toEqual(table.map(({ route }) => route).sort());
  });

  it('are those of the API document', async () => {
    const document = await service.as(null).get('/api/v1/openapi.json');
    const { paths } = document.json<{ paths: Record<string, object> }>();
    const inDocument = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods)
      .map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`));
    expect(inDocument.sort()).toEqual(served().filter((route) => documented(route.split(' ')[1] ?? '')));
  });
});

describe.each(table)('$route', ({ route, ask, answers }) => {
  it.each(callers.map((caller, i) => ({ caller, status: answers[i] })))(
    'answers $caller $status', async ({ caller, status }) => {
      const [method] = route.split(' ') as ['GET'];
      const { headers, ...request } = ask(world);
      const who = caller === 'anonymous' ? {} : service.bearer(world.people[caller]);
      const response = await service.send({ method, ...request, headers: { ...headers, ...who } });
      expect({ status: response.statusCode, body: response.body.slice(0, 300) }).toMatchObject({ status });
    });
});
