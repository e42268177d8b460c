import type { InjectOptions } from 'light-my-request';
import type { Things } from './cast.js';

/** How a row of the matrix is asked: what would succeed, were it the caller's to ask. */
export interface RouteRequest {
  readonly route: string;
  /** Whose thing is asked for; nothing where there is only one's own, or nobody's. */
  readonly of: string;
  readonly ask: (things: Things) => Omit<InjectOptions, 'method'>;
}
type Asked = Record<string, unknown> | string;

const api = '/api/v1';
const json = (payload?: Asked) => (payload === undefined ? {} : { payload });
const unknownId = '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11';
const csv = { headers: { 'content-type': 'text/csv' }, payload: 'x' };

/** A route that is asked for without naming anything. */
const plain = (route: string, payload?: Asked): RouteRequest =>
  ({ route, of: '-', ask: () => ({ url: route.split(' ')[1] ?? '', ...json(payload) }) });

/** A route that names something, once for each whose it may be. */
const named = (
  route: string, find: (things: Things) => Readonly<Record<string, string>>,
  whose: readonly string[], payload?: (thing: string, things: Things) => Asked,
): readonly RouteRequest[] => whose.map((of) => ({
  route, of,
  ask: (things) => {
    const thing = find(things)[of] ?? '';
    const [path = '', query = ''] = (route.split(' ')[1] ?? '').split('?');
    const url = path.replace(/:\w+/, thing) + (query === '' ? '' : `?${query.replace('…', thing)}`);
    return { url, ...json(payload?.(thing, things)) };
  },
}));
const accounts = ({ payees, granted, withheld, nobodys }: Things) => ({ payees, granted, withheld, nobodys });
const payments = ({ payments: all, nobodys }: Things) => ({ ...all, nobodys });
const applications = (use: 'approve' | 'reject') => ({ pending: { ofPayee, ofBoth }, nobodys }: Things) =>
  ({ ofPayee: ofPayee[use], ofBoth: ofBoth[use], nobodys });
const delegations = ({ delegation, nobodys }: Things) => ({ companys: delegation, nobodys });
const credentials = ({ credential, nobodys }: Things) => ({ companys: credential, nobodys });
const nobody = ({ nobodys }: Things) => ({ nobodys });

export const requests: readonly RouteRequest[] = [
  plain(`GET /health/live`), plain('GET /health/ready'),
  plain('GET /'), plain(`GET ${api}/openapi.json`), plain(`GET ${api}/bank-codes`),
  plain(`GET ${api}/bank-codes/download`),
  plain(`POST ${api}/challenges`),
  ...[
    'sign-ins', 'sign-ins/certificate', 'registrations', 'registrations/confirmation-mails',
    'registrations/confirmations', 'registrations/password-reset-mails', 'registrations/password-resets',
    'registrations/devices', 'registrations/deletion-mails', 'registrations/deletions',
  ].map((path) => plain(`POST ${api}/${path}`, {})),
  plain(`GET ${api}/session`), plain(`DELETE ${api}/session`),
  plain(`POST ${api}/session/re-authentication`, {}),
  plain(`POST ${api}/session/re-authentication/certificate`, {}),
  plain(`GET ${api}/sign-ins`),
  plain(`GET ${api}/registration`),
  plain(`PUT ${api}/registration/password`, { password: 'correct horse battery' }),
  plain(`PUT ${api}/registration/email`, { email: 'ming@example.org' }),
  plain(`POST ${api}/registration/email-confirmations`, { ticket: 'A'.repeat(43) }),
  plain(`PUT ${api}/registration/mobile`, { mobile: '0912345678' }),
  ...named(`DELETE ${api}/registration/devices/:agentId`, nobody, ['nobodys']),
  plain(`GET ${api}/applicant`),
  plain(`PUT ${api}/applicant/contact`, { phone: '02-2222-3333' }),
  plain(`GET ${api}/accounts`),
  plain(`POST ${api}/accounts`, { bankCode: '0040037', accountNumber: '9', accountName: '甲' }),
  ...named(`POST ${api}/accounts/:accountId/withdrawal`, accounts,
    ['payees', 'granted', 'withheld', 'nobodys']),
  ...named(`DELETE ${api}/accounts/:accountId`, applications('approve'), ['ofPayee', 'ofBoth', 'nobodys']),
  plain(`GET ${api}/reviews`),
  ...named(`GET ${api}/reviews/:accountId`, accounts, ['payees', 'nobodys']),
  ...named(`POST ${api}/reviews/:accountId/approval`, applications('approve'),
    ['ofPayee', 'ofBoth', 'nobodys']),
  ...named(`POST ${api}/reviews/:accountId/rejection`, applications('reject'),
    ['ofPayee', 'ofBoth', 'nobodys'], () => ({ reason: '證件不符' })),
  plain(`GET ${api}/reconciliations`),
  ...named(`GET ${api}/reconciliations?account=…`, accounts,
    ['payees', 'granted', 'withheld', 'nobodys']),
  ...named(`GET ${api}/payments/:paymentId/history`, payments,
    ['payees', 'granted', 'withheld', 'nobodys']),
  ...named(`POST ${api}/payments/:paymentId/corrections`, payments, ['payees', 'nobodys'],
    () => ({ reason: '誤植', correction: { purpose: '更正後' } })),
  plain(`GET ${api}/payments?agencyCode=A01&fiscalYear=115&voucherNo=000123&seq=1`),
  { route: `POST ${api}/payment-batches`, of: '-', ask: () => ({ url: `${api}/payment-batches`, ...csv }) },
  plain(`GET ${api}/payment-batches`),
  ...named(`GET ${api}/payment-batches/:batchId`, nobody, ['nobodys']),
  ...named(`GET ${api}/payment-batches/deliveries/:deliveryId`, nobody, ['nobodys']),
  { route: `POST ${api}/bank-code-lists`, of: '-', ask: () => ({ url: `${api}/bank-code-lists`, ...csv }) },
  plain(`GET ${api}/operations`),
  plain(`GET ${api}/staff`),
  plain(`POST ${api}/staff`, { certificate: 'x', idNumber: 'A123456789', roles: ['auditor'] }),
  ...named(`DELETE ${api}/staff/:memberId`, nobody, ['nobodys']),
  plain(`GET ${api}/delegations`),
  plain(`POST ${api}/delegations`, { verificationId: unknownId, accountIds: [unknownId] }),
  plain(`GET ${api}/delegation-offers`),
  ...named(`POST ${api}/delegation-offers`, accounts, ['payees', 'withheld', 'nobodys'],
    (thing) => ({ email: 'a@example.org', accountIds: [thing] })),
  plain(`POST ${api}/delegation-offers/acceptances`, { ticket: 'A'.repeat(43) }),
  ...named(`DELETE ${api}/delegation-offers/:offerId`, nobody, ['nobodys']),
  plain(`POST ${api}/delegate-verifications`, { message: '' }),
  ...named(`GET ${api}/delegations/:delegationId/accesses`, delegations, ['companys', 'nobodys']),
  ...named(`POST ${api}/delegations/:delegationId/revocations`, delegations, ['companys', 'nobodys'],
    (_, { withheld }) => ({ accountIds: [withheld] })),
  plain(`GET ${api}/api-credentials`),
  ...named(`POST ${api}/api-credentials`, accounts, ['payees', 'granted', 'nobodys'],
    (thing) => ({ accountIds: [thing], validDays: 1 })),
  ...named(`DELETE ${api}/api-credentials/:credentialId`, credentials, ['nobodys']),
  plain(`GET ${api}/delivery-credentials`),
  plain(`POST ${api}/delivery-credentials`, { validDays: 1 }),
  ...named(`DELETE ${api}/delivery-credentials/:credentialId`, credentials, ['companys', 'nobodys']),
];
