import { randomUUID } from 'node:crypto';
import type { Principal } from '../../src/application/command-context.js';
import { accountsToDelegate } from '../../src/application/delegations/delegations.js';
import { latestOf } from '../../src/domain/instants.js';
import { taipeiDate } from '../../src/domain/roc-date.js';
import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';
import type { World } from './support/world.js';
import {
  applied, approved, caughtUp, company, delegated, paid, person, populate, registered,
} from './support/world.js';

let service: Service;
let world: World;
let firm: Principal;
let accounts: readonly [string, string, string];
let payment: string;

beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  firm = await registered(service, principal('payee'), company('22099131', '測試被查公司'));
  accounts = [await account('701'), await account('702'), await account('703')];
  payment = await paid(service, '701', { accountNumber: '701', amount: 51_445 });
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });

const account = async (number: string): Promise<string> =>
  approved(service, world.people.reviewer, await applied(service, firm, number));

let people = 0;
/** Everybody is somebody else's delegate only. */
async function somebody(): Promise<Principal> {
  const idNumber = ['A123456789', 'A800000014', 'F131104093'][people++ % 3] ?? '';
  return registered(service, principal('payee'), person(idNumber, '測試被授權人'));
}
async function delegateOf(accountIds: readonly string[], expiresOn?: string): Promise<[Principal, string]> {
  const delegate = await somebody();
  const id = await delegated(service, { company: firm, delegate, accountIds, expiresOn });
  await caughtUp(service);
  return [delegate, id];
}

type Rows = readonly { readonly paymentId: string }[];
async function seen(who: Principal, query = ''): Promise<number | string[]> {
  const response = await service.as(who).get(`/api/v1/reconciliations${query}`);
  if (response.statusCode !== 200) return response.statusCode;
  return response.json<{ rows: Rows }>().rows.map(({ paymentId }) => paymentId);
}
const historyOf = async (who: Principal): Promise<number> =>
  (await service.as(who).get(`/api/v1/payments/${payment}/history`)).statusCode;
const revoke = (id: string, accountIds: readonly string[], who: Principal = firm) =>
  service.as(who).send('POST', `/api/v1/delegations/${id}/revocations`, { accountIds });

describe('a delegate', () => {
  it('reads the payments to the accounts granted, and how they came about', async () => {
    const [delegate] = await delegateOf([accounts[0]]);
    expect(await seen(delegate)).toEqual([payment]);
    expect(await seen(delegate, `?account=${accounts[0]}`)).toEqual([payment]);
    expect(await historyOf(delegate)).toBe(200);
  });

  it('reads no other account of the company, and none of others', async () => {
    const [delegate] = await delegateOf([accounts[1]]);
    expect(await seen(delegate)).toEqual([]);
    expect(await seen(delegate, `?account=${accounts[0]}`)).toBe(404);
    expect(await seen(delegate, `?account=${accounts[1]}&account=${accounts[0]}`)).toBe(404);
    expect(await seen(delegate, `?account=${world.account}`)).toBe(404);
    expect(await historyOf(delegate)).toBe(404);
  });

  it('sees the accounts in a list of their own, without how they were applied for', async () => {
    const [delegate, delegationId] = await delegateOf([accounts[0]], '2099-12-31');
    expect((await service.as(delegate).get('/api/v1/accounts')).json()).toEqual({
      accounts: [],
      delegated: [{
        accountId: accounts[0], bankCode: '0040037', bankName: expect.any(String) as string,
        bankState: '上線', accountNumber: '701', accountName: '測試戶名', delegationId,
        expiresOn: '2099-12-31',
      }],
    });
  });

  it('changes nothing of the company', async () => {
    const [delegate, id] = await delegateOf([accounts[0]]);
    const as = service.as(delegate);
    expect((await as.send('DELETE', `/api/v1/accounts/${accounts[0]}`)).statusCode).toBe(404);
    expect((await as.send('POST', `/api/v1/accounts/${accounts[0]}/withdrawal`)).statusCode).toBe(404);
    expect((await revoke(id, [accounts[0]], delegate)).statusCode).toBe(404);
    expect((await as.get(`/api/v1/delegations/${id}/accesses`)).statusCode).toBe(404);
    expect((await as.get('/api/v1/delegations')).json()).toMatchObject({
      given: [], held: [{ delegationId: id, companyName: '測試被查公司', accounts: [{ accountNumber: '701' }] }],
    });
  });

  it('reads with the kind of card that was granted, not with the other', async () => {
    const delegate = await somebody();
    await delegated(service, {
      company: firm, delegate, accountIds: [accounts[0]], cardType: '自然人憑證',
    });
    await caughtUp(service);
    const { readings } = await import('./support/readings.js');
    const read = (card?: '健保卡' | '自然人憑證') => readings(service, { ...delegate, card }, [accounts[0]]);
    expect(await read('自然人憑證')).toHaveLength(1);
    expect(await read('健保卡')).toEqual([]);
    expect(await read()).toHaveLength(1);
  });

  it('reads until the last day is over, by the clock of Taipei', async () => {
    const [delegate] = await delegateOf([accounts[0]], '2026-03-31');
    const { readings } = await import('./support/readings.js');
    const at = (instant: string) => readings(service, delegate, [accounts[0]], instant);
    expect(await at('2026-03-31T15:59:59.999Z')).toHaveLength(1);
    expect(await at('2026-03-31T16:00:00.000Z')).toEqual([]);
    expect(await seen(delegate)).toEqual([]);
    expect((await service.as(delegate).get('/api/v1/delegations')).json()).toMatchObject({ held: [] });
    expect((await service.as(firm).get('/api/v1/delegations')).json()).toMatchObject({
      given: expect.arrayContaining([expect.objectContaining({
        accounts: [expect.objectContaining({ state: '已到期', expiresOn: '2026-03-31' })],
      })]),
    });
  });

  it('reads nothing of an account that its owner gave up', async () => {
    const given = await account('704');
    const [delegate] = await delegateOf([given]);
    expect(await seen(delegate, `?account=${given}`)).toEqual([]);
    await service.as(firm).send('DELETE', `/api/v1/accounts/${given}`);
    expect(await seen(delegate, `?account=${given}`)).toBe(404);
  });

  it('who is nobody any more reads nothing', async () => {
    const stranger = principal('payee');
    await delegated(service, { company: firm, delegate: stranger, accountIds: [accounts[0]] });
    await caughtUp(service);
    expect(await seen(stranger)).toEqual([]);
    expect(await seen(stranger, `?account=${accounts[0]}`)).toBe(404);
  });
});

describe('the company', () => {
  it('lists whom it lets look, at what, since when and until when', async () => {
    const [, delegationId] = await delegateOf([accounts[1], accounts[0]], '2099-12-31');
    const { given } = (await service.as(firm).get('/api/v1/delegations?limit=500'))
      .json<{ given: readonly { delegationId: string }[] }>();
    const approvals = await accountsToDelegate(service.parts.log, accounts.slice(0, 2));
    const grantedOn = taipeiDate(latestOf('', ...approvals.map(({ approvedAt }) => approvedAt ?? '')));
    const shared = {
      bankCode: '0040037', bankName: expect.any(String) as string, accountName: '測試戶名',
      grantedOn, expiresOn: '2099-12-31', through: 'verification', state: '有效', revokedAt: null,
    };
    expect(given.find((one) => one.delegationId === delegationId)).toEqual({
      delegationId, name: '測試被授權人', cardType: '健保卡',
      accounts: [
        { accountId: accounts[0], accountNumber: '701', ...shared },
        { accountId: accounts[1], accountNumber: '702', ...shared },
      ],
    });
  });

  it('takes back account by account, at once', async () => {
    const [delegate, id] = await delegateOf([accounts[0], accounts[1]]);
    expect((await revoke(id, [accounts[0]])).statusCode).toBe(200);
    expect(await seen(delegate, `?account=${accounts[0]}`)).toBe(404);
    expect(await seen(delegate, `?account=${accounts[1]}`)).toEqual([]);
    expect(await historyOf(delegate)).toBe(404);
  });

  it('takes back only its own, and only what it granted', async () => {
    const [delegate, id] = await delegateOf([accounts[0]]);
    expect((await revoke(id, [accounts[0]], world.people.company)).statusCode).toBe(404);
    expect((await revoke(randomUUID(), [accounts[0]])).statusCode).toBe(404);
    expect((await revoke(id, [accounts[1]])).json()).toMatchObject({ code: 'delegation/unknown-account' });
    expect(await seen(delegate)).toEqual([payment]);
  });

  it('pages through its list', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const page = (await service.as(firm).get(`/api/v1/delegations?limit=2${cursor}`))
        .json<{ given: readonly { delegationId: string }[]; next: string | null }>();
      ids.push(...page.given.map(({ delegationId }) => delegationId));
      cursor = page.next === null ? '' : `&cursor=${page.next}`;
    } while (cursor !== '');
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(3);
    expect((await service.as(firm).get('/api/v1/delegations?cursor=none')).statusCode).toBe(400);
  });

  it('sees what the delegate looked at, before the delegate has the answer', async () => {
    const [delegate, id] = await delegateOf([accounts[0], accounts[1]]);
    await seen(delegate, `?account=${accounts[0]}`);
    await seen(delegate, `?account=${accounts[0]}`);
    await historyOf(delegate);
    await service.as(delegate).get('/api/v1/accounts');
    const url = `/api/v1/delegations/${id}/accesses`;
    const { accesses } = (await service.as(firm).get(url)).json<{ accesses: object[] }>();
    const told = { firstAt: expect.any(String) as string, lastAt: expect.any(String) as string };
    expect(accesses).toHaveLength(4);
    expect(accesses).toEqual(expect.arrayContaining([
      { accountId: accounts[0], kind: 'reconciliation', reads: 2, ...told },
      { accountId: accounts[0], kind: 'payment-history', reads: 1, ...told },
      { accountId: accounts[0], kind: 'account-list', reads: 1, ...told },
      { accountId: accounts[1], kind: 'account-list', reads: 1, ...told },
    ]));
    const first = (await service.as(firm).get(`${url}?limit=3`)).json<{ accesses: object[]; next: string }>();
    const rest = (await service.as(firm).get(`${url}?limit=3&cursor=${first.next}`)).json();
    expect(rest).toEqual({ accesses: [accesses[3]], next: null });
    expect(first.accesses).toEqual(accesses.slice(0, 3));
    expect((await service.as(firm).get(`${url}?cursor=none`)).statusCode).toBe(400);
  });

  it('is told nothing where the delegate was refused', async () => {
    const [delegate, id] = await delegateOf([accounts[0]]);
    await seen(delegate, `?account=${accounts[0]}&account=${accounts[1]}`);
    expect((await service.as(firm).get(`/api/v1/delegations/${id}/accesses`)).json())
      .toEqual({ accesses: [], next: null });
  });

  it('keeps its delegate from an answer that could not be written down', async () => {
    const [delegate] = await delegateOf([accounts[0]]);
    const { pool } = service.parts;
    await pool.query('ALTER TABLE identity.delegate_accesses RENAME TO lost');
    try {
      expect(await seen(delegate)).toBe(500);
    } finally {
      await pool.query('ALTER TABLE identity.lost RENAME TO delegate_accesses');
    }
    expect(await seen(delegate)).toEqual([payment]);
  });
});

describe('a reviewer', () => {
  it('judges no application of a company that lets them look at its accounts', async () => {
    const reviewer = await registered(
      service, principal('payee', 'reviewer'), person('A800000014', '測試審核人員'));
    const pending = await applied(service, firm, '799');
    await delegated(service, { company: firm, delegate: reviewer, accountIds: [accounts[0]] });
    const judged = (verdict: string, body?: object) =>
      service.as(reviewer).send('POST', `/api/v1/reviews/${pending}/${verdict}`, body);
    expect((await judged('approval')).json()).toMatchObject({ code: 'account/reviewer-is-delegate' });
    expect((await judged('rejection', { reason: '證件不符' })).json())
      .toMatchObject({ status: 403, code: 'account/reviewer-is-delegate' });
    expect((await approved(service, world.people.reviewer, pending))).toBe(pending);
  });
});
