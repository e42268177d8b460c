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
