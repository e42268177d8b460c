import { randomUUID } from 'node:crypto';
import type { Caller, Service } from './support/service.js';
import { startService } from './support/service.js';
import type { World } from './support/world.js';
import { bankList, populate } from './support/world.js';

let service: Service;
let world: World;
let payee: Caller;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  payee = service.as(world.people.payee);
});
afterAll(async () => { await service.close(); });

const application = (accountNumber: string) => ({ bankCode: '0040037', accountNumber, accountName: '甲' });
const apply = (caller: Caller, key: string, accountNumber: string) =>
  caller.send('POST', '/api/v1/accounts', application(accountNumber), { 'idempotency-key': key });

describe('an unsafe request', () => {
  it('repeated with its key gives the same answer and adds nothing', async () => {
    const key = randomUUID();
    const first = await apply(payee, key, '901');
    const head = await service.parts.log.head();
    const second = await apply(payee, key, '901');
    expect(first.statusCode).toBe(201);
    expect([second.statusCode, second.json()]).toEqual([201, first.json()]);
    expect(await service.parts.log.head()).toBe(head);
  });

  it('repeated after the state moved on still gives its old answer', async () => {
    const key = randomUUID();
    const first = await apply(payee, key, '902');
    const { accountId } = first.json<{ accountId: string }>();
    await service.as(world.people.reviewer).send('POST', `/api/v1/reviews/${accountId}/approval`);
    expect((await apply(payee, key, '902')).json()).toEqual(first.json());
  });

  it('with the key of another request is refused', async () => {
    const key = randomUUID();
    await apply(payee, key, '903');
    const reused = await apply(payee, key, '904');
    expect(reused.statusCode).toBe(422);
    expect(reused.json()).toMatchObject({ status: 422, code: 'command/id-reused' });
  });

  it('with the key of another route is refused', async () => {
    const key = randomUUID();
    await apply(payee, key, '905');
    const headers = { 'idempotency-key': key };
    const reused = await payee.send('PUT', '/api/v1/applicant/contact', { phone: '1' }, headers);
    expect(reused.json()).toMatchObject({ status: 422, code: 'command/id-reused' });
  });

  it('with the same key by somebody else is their own request', async () => {
    const key = randomUUID();
    await apply(payee, key, '906');
    expect((await apply(service.as(world.people.otherPayee), key, '907')).statusCode).toBe(201);
  });

  it('sent twice at once is done once', async () => {
    const key = randomUUID();
    const answers = await Promise.all([apply(payee, key, '908'), apply(payee, key, '908')]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 201]);
    expect(answers[0]?.json()).toEqual(answers[1]?.json());
  });

  it('without a key is told the one that was made for it', async () => {
    const first = await payee.send('POST', '/api/v1/accounts', application('909'));
    const key = String(first.headers['idempotency-key']);
    expect((await apply(payee, key, '909')).json()).toEqual(first.json());
  });

  it.each(['a b', '', 'x'.repeat(256), 'ключ'])('is refused with the malformed key %j', async (key) => {
    const response = await apply(payee, key, '910');
    expect(response.json()).toMatchObject({ status: 400, code: 'http/invalid-idempotency-key' });
  });

  it('with a file is another one when the file is another', async () => {
    const operator = service.as(world.people.operator);
    const headers = { 'idempotency-key': randomUUID() };
    const list = bankList.replace('公庫部', '公庫分行');
    const first = await operator.csv('/api/v1/bank-code-lists', list, headers);
    expect(first.json()).toMatchObject({ renamed: 1 });
    expect((await operator.csv('/api/v1/bank-code-lists', list, headers)).json()).toEqual(first.json());
    const other = await operator.csv('/api/v1/bank-code-lists', bankList, headers);
    expect(other.json()).toMatchObject({ status: 422, code: 'command/id-reused' });
  });
});

describe('what was written', () => {
  it('is read by its writer who waits for the position', async () => {
    const { accountId, position } = (await apply(payee, randomUUID(), '911')).json<Record<string, string>>();
    const accounts = await payee.get(`/api/v1/accounts?wait-for=${position}`);
    expect(accounts.json<{ accounts: { accountId: string }[] }>().accounts.map((one) => one.accountId))
      .toContain(accountId);
  });

  it('is waited for no longer than five seconds', async () => {
    await service.stopProjectors();
    const { position } = (await apply(payee, randomUUID(), '912')).json<Record<string, string>>();
    const began = performance.now();
    const response = await payee.get(`/api/v1/accounts?wait-for=${position}`);
    expect(response.json()).toMatchObject({ status: 503, code: 'http/not-caught-up' });
    expect(response.headers['retry-after']).toBe('1');
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});
