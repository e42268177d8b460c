import type { Principal } from '../../src/application/command-context.js';
import type { Service } from '../http/support/service.js';
import { principal, startService } from '../http/support/service.js';
import type { World } from '../http/support/world.js';
import {
  applied, approved, caughtUp, company, delegated, person, populate, registered,
} from '../http/support/world.js';
import type { Headers } from './support/sessions.js';
import { signedIn } from './support/sessions.js';

let service: Service;
let world: World;
let firm: Principal;
let kept: string;
let browser: Headers;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  firm = await registered(service, principal('payee'), company('22099131', '測試被查公司'));
  kept = await account('800');
  browser = await signedIn(service, firm);
});
afterAll(async () => { await service.close(); });

const account = async (number: string): Promise<string> =>
  approved(service, world.people.reviewer, await applied(service, firm, number));

/** Given up, applied for once more, and approved once more. */
async function begunAnew(id: string, number: string): Promise<void> {
  await service.as(firm).send('DELETE', `/api/v1/accounts/${id}`);
  expect(await account(number)).toBe(id);
}

const reads = async (headers: Headers, id: string): Promise<number> =>
  (await service.send({ method: 'GET', url: `/api/v1/reconciliations?account=${id}`, headers })).statusCode;

describe('an account that was given up and approved again', () => {
  it('is read by no delegate of before, until it is granted again', async () => {
    const given = await account('801');
    const delegate = await registered(service, principal('payee'), person('A123456789', '測試被授權人'));
    const grant = () => delegated(service, { company: firm, delegate, accountIds: [kept, given] });
    const id = await grant();
    const seen = async () => {
      await caughtUp(service);
      const states = (await service.as(firm).get('/api/v1/delegations')).json<{
        given: readonly { delegationId: string; accounts: readonly { accountId: string; state: string }[] }[];
      }>().given.find(({ delegationId }) => delegationId === id)?.accounts ?? [];
      const { held } = (await service.as(delegate).get('/api/v1/delegations'))
        .json<{ held: readonly { accounts: readonly { accountId: string }[] }[] }>();
      return {
        read: await reads(service.bearer(delegate), given),
        state: states.find(({ accountId }) => accountId === given)?.state,
        held: held.flatMap(({ accounts }) => accounts.map(({ accountId }) => accountId)),
      };
    };
    const before = { read: 200, state: '有效', held: [kept, given] };
    expect(await seen()).toEqual(before);
    await begunAnew(given, '801');
    expect(await seen()).toEqual({ read: 404, state: '帳號失效', held: [kept] });
    await grant();
    expect(await seen()).toEqual(before);
  });

  it('is read by no program of before, until another credential names it', async () => {
    const named = await account('802');
    const issue = async (): Promise<Headers> => {
      const payload = { accountIds: [kept, named], validDays: 1 };
      const response = await service.send({
        method: 'POST', url: '/api/v1/api-credentials', headers: browser, payload,
      });
      return { authorization: `Bearer ${response.json<{ token: string }>().token}` };
    };
    const token = await issue();
    const seen = async (by: Headers) => [await reads(by, kept), await reads(by, named)];
    expect(await seen(token)).toEqual([200, 200]);
    await begunAnew(named, '802');
    expect(await seen(token)).toEqual([200, 404]);
    expect(await seen(await issue())).toEqual([200, 200]);
  });
});
