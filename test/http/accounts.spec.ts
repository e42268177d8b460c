import { randomUUID } from 'node:crypto';
import type { Response } from 'light-my-request';
import type { Caller, Service } from './support/service.js';
import { startService } from './support/service.js';
import type { World } from './support/world.js';
import { applied, approved, caughtUp, paid, populate } from './support/world.js';

let service: Service;
let world: World;
let payee: Caller;
let other: Caller;
let reviewer: Caller;
let operator: Caller;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  payee = service.as(world.people.payee);
  other = service.as(world.people.otherPayee);
  reviewer = service.as(world.people.reviewer);
  operator = service.as(world.people.operator);
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });

const told = ({ statusCode, headers, body }: Response) => {
  const { date: _date, 'x-correlation-id': _id, 'idempotency-key': _key, ...rest } = headers;
  return { statusCode, headers: rest, body };
};
interface Accounts { readonly accounts: readonly { accountId: string; accountNumber: string }[] }
const seqs = (response: Response) => response.json<{ rows: { seq: string }[] }>().rows.map(({ seq }) => seq);

describe('what belongs to somebody else', () => {
  const nobodys = randomUUID();

  it.each([
    ['GET', (id: string) => `/api/v1/reconciliations?account=${id}`],
    ['DELETE', (id: string) => `/api/v1/accounts/${id}`],
    ['POST', (id: string) => `/api/v1/accounts/${id}/withdrawal`],
  ] as const)('answers %s of an account as if it were not there', async (method, url) => {
    const ask = (id: string) => method === 'GET' ? other.get(url(id)) : other.send(method, url(id));
    expect(told(await ask(world.account))).toEqual(told(await ask(nobodys)));
  });

  it('refuses a question about own and other accounts together', async () => {
    const [own] = (await other.get('/api/v1/accounts')).json<Accounts>().accounts;
    const asked = `account=${own?.accountId}&account=${world.account}`;
    const answer = await other.get(`/api/v1/reconciliations?${asked}`);
    expect(answer.json()).toMatchObject({ status: 404, code: 'account/unknown' });
  });

  it('answers the history of a payment as if it were not there', async () => {
    const ask = (id: string) => other.get(`/api/v1/payments/${id}/history`);
    expect(told(await ask(world.payment))).toEqual(told(await ask(nobodys)));
  });

  it('is not in the list of own accounts', async () => {
    const { accounts } = (await other.get('/api/v1/accounts')).json<Accounts>();
    expect(accounts.map(({ accountNumber }) => accountNumber)).toEqual(['222']);
  });

  it('is not among the payments, whichever accounts are meant', async () => {
    expect(seqs(await payee.get('/api/v1/reconciliations'))).toEqual(['1']);
    expect(seqs(await other.get('/api/v1/reconciliations'))).toEqual(['2']);
  });
});

describe('an application', () => {
  it('shows its payments once it is approved, and not before', async () => {
    await paid(service, '10', { accountNumber: '1000' });
    const accountId = await applied(service, world.people.payee, '1000');
    await caughtUp(service);
    expect((await payee.get(`/api/v1/reconciliations?account=${accountId}`)).statusCode).toBe(404);
    await approved(service, world.people.reviewer, accountId);
    expect(seqs(await payee.get(`/api/v1/reconciliations?account=${accountId}`))).toEqual(['10']);
  });

  it('is refused for a bank code that does not exist', async () => {
    const body = { bankCode: '9999999', accountNumber: '1', accountName: '甲' };
    expect((await payee.send('POST', '/api/v1/accounts', body)).json())
      .toMatchObject({ status: 422, code: 'account/unknown-bank-code' });
  });

  it('that was rejected says why, and may be made again', async () => {
    const accountId = await applied(service, world.people.payee, '1001');
    const rejection = { reason: '其他', explanation: '存摺影本模糊' };
    await reviewer.send('POST', `/api/v1/reviews/${accountId}/rejection`, rejection);
    await caughtUp(service);
    const { accounts } = (await payee.get('/api/v1/accounts')).json<Accounts>();
    expect(accounts.find((one) => one.accountId === accountId))
      .toMatchObject({ status: '未核准', ...rejection });
    expect(await applied(service, world.people.payee, '1001')).toBe(accountId);
  });

  it('for 其他 is not rejected without an explanation', async () => {
    const accountId = await applied(service, world.people.payee, '1002');
    const rejection = { reason: '其他' };
    const response = await reviewer.send('POST', `/api/v1/reviews/${accountId}/rejection`, rejection);
    expect(response.json()).toMatchObject({ status: 422, code: 'account/explanation-required' });
  });

  it('shows the reviewer who applied, and that the account is approved for somebody else', async () => {
    const accountId = await applied(service, world.people.otherPayee, '111');
    await caughtUp(service);
    expect((await reviewer.get(`/api/v1/reviews/${accountId}`)).json()).toMatchObject({
      account: { accountName: '測試戶名', status: '審核中' },
      applicant: { kind: 'person', idNumber: 'F131104093', name: '李大同' },
      approvedForOthers: [{ accountId: world.account }],
      history: [{ event: 'AccountApplied' }],
    });
  });
});

describe('an applicant', () => {
  it('sees the own record, and changes only what is given', async () => {
    await payee.send('PUT', '/api/v1/applicant/contact', { phone: '02-1', fax: '02-2' });
    await payee.send('PUT', '/api/v1/applicant/contact', { phone: '02-3' });
    await caughtUp(service);
    expect((await payee.get('/api/v1/applicant')).json()).toMatchObject({
      kind: 'person', idNumber: 'A123456789', name: '王小明',
      contact: { phone: '02-3', fax: '02-2', email: null },
    });
  });
});

describe('a correction', () => {
  it('is told in the history with its reason, and shown in the reconciliation', async () => {
    const body = { reason: '金額誤植', correction: { amount: 99 } };
    await operator.send('POST', `/api/v1/payments/${world.payment}/corrections`, body);
    await caughtUp(service);
    const history = await payee.get(`/api/v1/payments/${world.payment}/history`);
    expect(history.json<{ entries: object[] }>().entries).toMatchObject([
      { event: 'PaymentRecorded', status: '已匯款' },
      { event: 'PaymentCorrected', reason: '金額誤植', correction: { amount: 99 } },
    ]);
    const reconciled = await payee.get(`/api/v1/reconciliations?account=${world.account}`);
    expect(reconciled.json<{ rows: object[] }>().rows).toMatchObject([{ seq: '1', amount: 99 }]);
  });

  it('to a bank code that the directory does not hold is refused', async () => {
    const corrections = `/api/v1/payments/${await paid(service, '21')}/corrections`;
    const to = (bankCode: string) =>
      operator.send('POST', corrections, { reason: '代號誤植', correction: { bankCode } });
    expect((await to('0040060')).json())
      .toMatchObject({ status: 422, code: 'payment/unknown-bank-code' });
    expect((await to('0040059')).statusCode).toBe(201);
  });

  it('of the account moves the payment out of its former payee\'s sight', async () => {
    const paymentId = await paid(service, '20');
    const body = { reason: '帳號誤植', correction: { accountNumber: '222' } };
    await operator.send('POST', `/api/v1/payments/${paymentId}/corrections`, body);
    await caughtUp(service);
    expect((await payee.get(`/api/v1/payments/${paymentId}/history`)).statusCode).toBe(404);
    expect((await other.get(`/api/v1/payments/${paymentId}/history`)).statusCode).toBe(200);
  });
});

describe('with the projectors stopped', () => {
  beforeAll(async () => { await service.stopProjectors(); });

  it('a removed account is out of sight at once', async () => {
    const asked = `/api/v1/reconciliations?account=${world.account}`;
    expect((await payee.get(asked)).statusCode).toBe(200);
    expect((await payee.send('DELETE', `/api/v1/accounts/${world.account}`)).statusCode).toBe(200);
    expect((await payee.get(asked)).statusCode).toBe(404);
    expect(seqs(await payee.get('/api/v1/reconciliations'))).toEqual(['10']);
    expect((await payee.get(`/api/v1/payments/${world.payment}/history`)).statusCode).toBe(404);
  });

  it('a payment whose account was corrected is out of sight at once', async () => {
    const body = { reason: '帳號誤植', correction: { accountNumber: '999' } };
    expect((await other.get(`/api/v1/payments/${world.othersPayment}/history`)).statusCode).toBe(200);
    await operator.send('POST', `/api/v1/payments/${world.othersPayment}/corrections`, body);
    expect((await other.get(`/api/v1/payments/${world.othersPayment}/history`)).statusCode).toBe(404);
  });
});
