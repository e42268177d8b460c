import type { Principal } from '../../src/application/command-context.js';
import { FindProposedAccounts, FindProposedAccountsHandler }
  from '../../src/projections/delegations/find-delegations.js';
import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';
import {
  applied, approved, caughtUp, company, delegated, paid, person, populate, registered,
} from './support/world.js';

const delegates = 50;
const accountsEach = 20;

let service: Service;
let firm: Principal;
let accountIds: string[];
let people: { readonly who: Principal; readonly delegationId: string }[];

/** A thousand grants, shown by every table; then no table moves any more. */
beforeAll(async () => {
  service = await startService();
  const world = await populate(service);
  firm = await registered(service, principal('payee'), company('22099131', '測試被查公司'));
  const numbers = Array.from({ length: accountsEach }, (_, i) => `70${i}`);
  accountIds = await Promise.all(numbers.map(async (number) =>
    approved(service, world.people.reviewer, await applied(service, firm, number))));
  await Promise.all(numbers.map((accountNumber) => paid(service, accountNumber, { accountNumber })));
  people = await Promise.all(Array.from({ length: delegates }, async () => {
    const who = await registered(service, principal('payee'), person('A123456789', '測試被授權人'));
    return { who, delegationId: await delegated(service, { company: firm, delegate: who, accountIds }) };
  }));
  await caughtUp(service);
  await service.stopProjectors();
}, 60_000);
afterAll(async () => { await service.close(); });

/** As it would be read by somebody who trusted the table. */
async function readableByTable(delegateId: string): Promise<readonly string[]> {
  const handler = new FindProposedAccountsHandler(service.parts.readStore);
  const proposed = await handler.execute(new FindProposedAccounts({ delegateId }));
  return proposed.map(({ accountId }) => accountId);
}

/** By its name or among all there is to see: the two ways to ask. */
async function seen(who: Principal, accountId: string, byName: boolean): Promise<boolean> {
  const as = service.as(who);
  if (byName) return (await as.get(`/api/v1/reconciliations?account=${accountId}`)).statusCode === 200;
  const all = await as.get('/api/v1/reconciliations?limit=500');
  return all.json<{ rows: { accountId: string }[] }>().rows.some((row) => row.accountId === accountId);
}

const counted = { read: 0, revoked: 0, leaked: 0, leakedByTable: 0 };

async function takeBackOneByOne({ who, delegationId }: (typeof people)[number]): Promise<void> {
  const { applicantId = '' } = who;
  const before = await service.as(who).get('/api/v1/reconciliations');
  counted.read += before.json<{ rows: object[] }>().rows.length;
  for (const [index, accountId] of accountIds.entries()) {
    const url = `/api/v1/delegations/${delegationId}/revocations`;
    const answer = await service.as(firm).send('POST', url, { accountIds: [accountId] });
    if (answer.statusCode === 200) counted.revoked++;
    if (await seen(who, accountId, index % 2 === 0)) counted.leaked++;
    if ((await readableByTable(applicantId)).includes(accountId)) counted.leakedByTable++;
  }
}

describe('with every projector frozen', () => {
  it('a thousand revocations leave nothing to be read from their answer on', async () => {
    const waiting = [...people];
    const one = async (): Promise<void> => {
      for (let next = waiting.pop(); next; next = waiting.pop()) await takeBackOneByOne(next);
    };
    await Promise.all(Array.from({ length: 8 }, one));
    // The same loop catches whoever reads from the table: it still shows every one of them.
    expect(counted).toEqual({ read: 1_000, revoked: 1_000, leaked: 0, leakedByTable: 1_000 });
  // Ten seconds on two idle cores; others may have work there too.
  }, 400_000);
});
