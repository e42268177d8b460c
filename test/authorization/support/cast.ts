import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../src/application/command-context.js';
import type { Service } from '../../http/support/service.js';
import { principal } from '../../http/support/service.js';
import {
  applied, approved, bankList, caughtUp, company, delegated, paid, person, registered,
} from '../../http/support/world.js';
import type { Headers } from './sessions.js';
import { browserHeaders, listed } from './sessions.js';

/** Everybody who may stand before the service. The last four are on the staff list or programs. */
export const principals = [
  'anonymous', 'expired', 'payee', 'company', 'delegate', 'revoked', 'lapsed', 'others',
  'operator', 'auditor', 'both', 'reviewer', 'erp', 'courier',
] as const;
export type PrincipalName = (typeof principals)[number];

/** Whose thing is asked for. `granted`: the company's account that was delegated; `withheld`: its other. */
export interface Things {
  readonly payees: string;
  readonly granted: string;
  readonly withheld: string;
  /** Applications under review, by who applied and what they are for. */
  readonly pending: Readonly<Record<'ofPayee' | 'ofBoth', Pending>>;
  readonly payments: Readonly<Record<'payees' | 'granted' | 'withheld', string>>;
  readonly delegation: string;
  readonly credential: string;
  readonly nobodys: string;
}

interface Pending { readonly approve: string; readonly reject: string }

export interface Cast {
  readonly things: Things;
  /** Anew for every request: what one of them ends does not end the next. */
  headersOf(name: PrincipalName): Promise<Headers>;
  /** Signed in as one of them, but the card was shown an hour ago. */
  stale(name: PrincipalName): Promise<Headers>;
}

const nobodys = '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11';
const reviewerToken = principal('reviewer');

export async function assemble(service: Service): Promise<Cast> {
  await service.as(principal('operator')).csv('/api/v1/bank-code-lists', bankList);
  await caughtUp(service);
  const people = await peopleOf(service);
  const things = await thingsOf(service, people);
  const staff = {
    reviewer: await listed(service, 'A123456789', ['reviewer']),
    both: await listed(service, 'A800000014', ['reviewer']),
    operator: await listed(service, 'F131104093', ['operator']),
    auditor: await listed(service, 'A800000023', ['auditor']),
  };
  const begin = (who: Principal, memberId: string | null, isPayee = true): Promise<Headers> =>
    service.parts.identity.sessions
      .begin({ personId: who.id, applicantId: who.applicantId ?? randomUUID(), memberId, isPayee })
      .then(({ token }) => browserHeaders(token));
  const sessionOf = (name: PrincipalName): Promise<Headers> => {
    if (name === 'both') return begin(people.both, staff.both.memberId);
    if (name === 'reviewer' || name === 'operator' || name === 'auditor') {
      return begin({ id: staff[name].personId, roles: [] }, staff[name].memberId, false);
    }
    return begin(people[name as keyof typeof people], null);
  };
  const erp = await issued(service, await sessionOf('company'), 'api-credentials', [things.granted]);
  const courier = await issued(service, await sessionOf('operator'), 'delivery-credentials');
  await caughtUp(service);
  return {
    things: { ...things, credential: erp.credentialId },
    headersOf: async (name) => {
      switch (name) {
        case 'anonymous': return noSession;
        case 'expired': return aged(service, await begin(people.payee, null), '20 minutes', 'seen_at');
        case 'erp': return { authorization: `Bearer ${erp.token}` };
        case 'courier': return { authorization: `Bearer ${courier.token}` };
        case 'payee': case 'company': case 'delegate': case 'revoked': case 'lapsed': case 'others':
        case 'operator': case 'auditor': case 'both': case 'reviewer': return sessionOf(name);
      }
    },
    stale: async (name) => aged(service, await sessionOf(name), '1 hour', 'authenticated_at'),
  };
}

const { cookie: _none, ...noSession } = browserHeaders('');

async function aged(
  { parts }: Service, headers: Headers, by: string, column: 'seen_at' | 'authenticated_at',
): Promise<Headers> {
  await parts.pool.query(
    `UPDATE identity.sessions SET ${column} = ${column} - $1::interval
     WHERE session_id = (SELECT session_id FROM identity.sessions ORDER BY signed_in_at DESC LIMIT 1)`, [by]);
  return headers;
}

async function peopleOf(service: Service) {
  const one = (idNumber: string) => registered(service, principal('payee'), person(idNumber, '測試人員'));
  return {
    payee: await one('A123456789'), delegate: await one('F131104093'), revoked: await one('A800000014'),
    lapsed: await one('A123456789'), others: await one('F131104093'), both: await one('A800000014'),
    company: await registered(service, principal('payee'), company('04595257', '測試公司')),
    otherCompany: await registered(service, principal('payee'), company('22099131', '測試他公司')),
  };
}
type People = Awaited<ReturnType<typeof peopleOf>>;

async function thingsOf(service: Service, people: People): Promise<Omit<Things, 'credential'>> {
  const { company: owner } = people;
  const account = async (who: Principal, number: string) =>
    approved(service, reviewerToken, await applied(service, who, number));
  const pending = async (who: Principal, number: string) =>
    ({ approve: await applied(service, who, number), reject: await applied(service, who, `${number}9`) });
  const payees = await account(people.payee, '111');
  const [granted, withheld] = [await account(owner, '333'), await account(owner, '335')];
  const others = await account(people.otherCompany, '777');
  const grant = (delegate: Principal, accountIds: readonly string[], expiresOn?: string, giver = owner) =>
    delegated(service, { company: giver, delegate, accountIds, expiresOn, cardType: '自然人憑證' });
  const delegation = await grant(people.delegate, [granted]);
  await grant(people.lapsed, [granted], '2026-03-03');
  await grant(people.others, [others], undefined, people.otherCompany);
  const revoked = await grant(people.revoked, [granted]);
  const url = `/api/v1/delegations/${revoked}/revocations`;
  await service.as(owner).send('POST', url, { accountIds: [granted] });
  return {
    payees, granted, withheld, delegation, nobodys,
    pending: {
      ofPayee: await pending(people.payee, '112'), ofBoth: await pending(people.both, '555'),
    },
    payments: {
      payees: await paid(service, '1'), granted: await paid(service, '33', { accountNumber: '333' }),
      withheld: await paid(service, '35', { accountNumber: '335' }),
    },
  };
}

async function issued(
  service: Service, headers: Headers, path: string, accountIds?: readonly string[],
): Promise<{ credentialId: string; token: string }> {
  const payload = { ...(accountIds && { accountIds }), validDays: 30 };
  const response = await service.send({ method: 'POST', url: `/api/v1/${path}`, headers, payload });
  if (response.statusCode !== 201) throw new Error(`not issued: ${response.body}`);
  return response.json();
}
