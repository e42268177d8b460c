import type { Service } from './support/service.js';
import { startService } from './support/service.js';
import type { Person, World } from './support/world.js';
import { bank, caughtUp, corrected, paid, populate } from './support/world.js';

let service: Service;
let world: World;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
});
afterAll(async () => { await service.close(); });

describe('the history of a payment that went to another account for a time', () => {
  // Of the bank's other branch, so that both halves of an account change.
  const others = { bankCode: '0040059', accountNumber: '98765432101' };
  let paymentId: string;
  beforeAll(async () => {
    const { operator } = world.people;
    paymentId = await paid(service, '7');
    await corrected(service, operator, paymentId, { ...others, purpose: '更正後' });
    await corrected(service, operator, paymentId, { bankCode: bank, accountNumber: '111' });
    await corrected(service, operator, paymentId, { amount: 5 });
    await caughtUp(service);
  });
  const read = async (who: Person): Promise<string> => {
    const answer = await service.as(world.people[who]).get(`/api/v1/payments/${paymentId}/history`);
    expect(answer.statusCode).toBe(200);
    return answer.body;
  };
  const correctionsIn = (body: string): object[] =>
    (JSON.parse(body) as { entries: { correction: object | null; accountChanged: boolean }[] }).entries
      .map(({ correction, accountChanged }) => ({ correction, accountChanged }));

  it('tells its payee that the account was changed, and no account', async () => {
    const body = await read('payee');
    expect(correctionsIn(body)).toEqual([
      { correction: null, accountChanged: false },
      { correction: { purpose: '更正後' }, accountChanged: true },
      { correction: {}, accountChanged: true },
      { correction: { amount: 5 }, accountChanged: false },
    ]);
    expect(body).not.toContain(others.accountNumber);
    expect(body).not.toContain(others.bankCode);
  });

  it('tells an auditor every account', async () =>
    expect(correctionsIn(await read('auditor'))).toEqual([
      { correction: null, accountChanged: false },
      { correction: { ...others, purpose: '更正後' }, accountChanged: true },
      { correction: { bankCode: bank, accountNumber: '111' }, accountChanged: true },
      { correction: { amount: 5 }, accountChanged: false },
    ]));

  it('is no part of what its payee reconciles', async () => {
    const answer = await service.as(world.people.payee).get('/api/v1/reconciliations');
    expect(answer.body).toContain(paymentId);
    expect(answer.body).not.toContain(others.accountNumber);
  });
});

describe('the payment of an exact key', () => {
  const invoices = [
    { number: 'ZA12345678', date: '2026-02-01', amount: 60 },
    { number: 'ZA12345679', date: '2026-02-02', amount: 40 },
  ];
  let paymentId: string;
  beforeAll(async () => {
    paymentId = await paid(service, '8', { voucherNo: 'K/1 號', invoices });
    await corrected(service, world.people.operator, paymentId, { purpose: '更正後', accountNumber: '112' });
    await paid(service, '9', { voucherNo: 'K/1 號' });
    await caughtUp(service);
  });
  const find = (asked: Record<string, string>) => service.as(world.people.operator)
    .get(`/api/v1/payments?${new URLSearchParams(asked).toString()}`);
  const key = { agencyCode: 'A01', fiscalYear: '115', voucherNo: 'K/1 號', seq: '8' };

  it('is found with its id, as it stands after its corrections', async () => {
    const answer = await find(key);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ payments: [{
      paymentId, status: '已匯款', statusDate: '2026-03-02', returnReason: null,
      agencyCode: 'A01', agencyName: '測試機關', agencyPhone: '02-1234-5678', fiscalYear: 115,
      voucherNo: 'K/1 號', seq: '8', paymentDate: '2026-03-02', treasuryReceiptNo: 'R1', bankCode: bank,
      accountNumber: '112', amount: 22860, purpose: '更正後', invoices,
    }] });
  });

  it('is found without invoices where it has none', async () =>
    expect((await find({ ...key, seq: '9' })).json())
      .toMatchObject({ payments: [{ seq: '9', invoices: [] }] }));

  it.each([
    ['seq', '08'], ['seq', '7'], ['agencyCode', 'a01'], ['fiscalYear', '114'], ['voucherNo', 'K/1'],
  ])('is none where %s differs: %s', async (part, other) =>
    expect((await find({ ...key, [part]: other })).json()).toEqual({ payments: [] }));

  const parts = ['agencyCode', 'fiscalYear', 'voucherNo', 'seq'] as const;
  it.each(parts)('is not asked for without %s', async (part) => {
    const { [part]: _left, ...others } = key;
    expect((await find(others)).statusCode).toBe(400);
  });

  it('says in 中文 and in English which years there are', async () =>
    expect((await find({ ...key, fiscalYear: '2026' })).json()).toMatchObject({
      errors: [{ path: 'fiscalYear', message: '應為民國 1 至 999 年 / must be a 民國 year, 1 to 999' }],
    }));
});

describe('a correction', () => {
  const invoice = { number: 'ZA12345678', date: '2026-02-01', amount: 123456789 };
  const correct = (count: number) => service.as(world.people.operator).send(
    'POST', `/api/v1/payments/${world.othersPayment}/corrections`,
    { reason: '發票誤植', correction: { invoices: Array(count).fill(invoice) } });

  it('takes as many invoices as a batch brings, and no more', async () => {
    expect((await correct(1_000)).statusCode).toBe(201);
    expect((await correct(1_001)).statusCode).toBe(400);
  });
});
