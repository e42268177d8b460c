import type { InjectOptions } from 'light-my-request';
import type { Person, World } from './world.js';

// Reviewed by hand: who gets what from every route. A route that is not here fails the test below.
export const callers = [
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
const nobodys = '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11';

const everybody = callers.map(() => 200);
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
    url: `/api/v1/registration${path.replace(':agentId', nobodys)}`, payload,
  }),
  answers: [401, 403, 403, 403, 403, 403, 403, 403],
});

export const table: readonly Row[] = [
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
    route: 'GET /api/v1/api-credentials', ask: at('/api/v1/api-credentials'),
    answers: payeesOnly(200, 200, 200, 200),
  },
  {
    route: 'POST /api/v1/api-credentials',
    ask: () => ({ url: '/api/v1/api-credentials', payload: { accountIds: [nobodys], validDays: 1 } }),
    answers: payeesOnly(403, 403, 403, 403),
  },
  {
    route: 'DELETE /api/v1/api-credentials/:credentialId',
    ask: at(`/api/v1/api-credentials/${nobodys}`),
    answers: payeesOnly(404, 404, 404, 404),
  },
  ...['GET', 'POST', 'DELETE /:credentialId'].map((one): Row => {
    const [method, path = ''] = one.split(' ');
    const url = `/api/v1/delivery-credentials${path.replace(':credentialId', nobodys)}`;
    return {
      route: `${method} /api/v1/delivery-credentials${path}`,
      ask: () => ({ url, ...(method === 'POST' && { payload: { validDays: 1 } }) }),
      answers: [401, 403, 403, 403, 403, 403, 403, 403],
    };
  }),
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
    route: 'GET /api/v1/delegation-offers', ask: at('/api/v1/delegation-offers'),
    answers: payeesOnly(200, 200, 200, 200),
  },
  {
    route: 'POST /api/v1/delegation-offers', answers: payeesOnly(403, 403, 201, 403),
    ask: ({ companysAccount: own }) =>
      ({ url: '/api/v1/delegation-offers', payload: { email: 'a@example.org', accountIds: [own] } }),
  },
  {
    route: 'POST /api/v1/delegation-offers/acceptances', answers: payeesOnly(403, 403, 403, 403),
    ask: () => ({ url: '/api/v1/delegation-offers/acceptances', payload: { ticket: 'A'.repeat(43) } }),
  },
  {
    route: 'DELETE /api/v1/delegation-offers/:offerId', answers: payeesOnly(404, 404, 404, 404),
    ask: ({ delegation: id }) => ({ url: `/api/v1/delegation-offers/${id}` }),
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
