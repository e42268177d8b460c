import type { Response } from 'light-my-request';
import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';
import { approved, bank, caughtUp, person, populate, registered } from './support/world.js';
import type { World } from './support/world.js';

// Planted where personal data goes in, and looked for wherever it must not come out.
const canary = {
  idNumber: 'A900207177', name: '金絲雀甲', accountName: '金絲雀乙', phone: '0900-111-222',
  email: 'canary@example.org', address: '金絲雀丙', contactPerson: '金絲雀丁', fax: '02-9999-8888',
  explanation: '金絲雀戊',
};
const { idNumber, name, accountName, explanation, ...contact } = canary;

let service: Service;
let world: World;
const answers: Response[] = [];
const kept = async (answer: Promise<Response>): Promise<Response> => {
  answers.push(await answer);
  return answer;
};

beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  const owner = await registered(service, principal('payee'), person(idNumber, name));
  const payee = service.as(owner);
  const reviewer = service.as(world.people.reviewer);
  await kept(payee.send('PUT', '/api/v1/applicant/contact', contact));
  const application = { bankCode: bank, accountNumber: '8888', accountName };
  const applied = await kept(payee.send('POST', '/api/v1/accounts', application));
  const { accountId } = applied.json<{ accountId: string }>();
  await kept(reviewer.send('POST', `/api/v1/reviews/${accountId}/rejection`, { reason: '其他', explanation }));
  await kept(payee.send('POST', '/api/v1/accounts', application));
  await approved(service, world.people.reviewer, accountId);
  // Mistakes repeat what was sent nowhere.
  const mistaken = { ...application, accountNumber: name, bankCode: idNumber };
  await kept(payee.send('POST', '/api/v1/accounts', mistaken));
  await kept(payee.send('PUT', '/api/v1/applicant/contact', { phone: canary.phone.repeat(50) }));
  const inAddress = encodeURIComponent(name);
  await kept(payee.get(`/api/v1/reconciliations?agencyName=${inAddress}&amountMin=${idNumber}`));
  await kept(payee.get(`/api/v1/${inAddress}/${idNumber}`));
  await kept(payee.get('/api/v1/accounts', { 'x-correlation-id': idNumber }));
  await kept(service.send({
    method: 'POST', url: '/api/v1/accounts', payload: `{"accountName":"${name}",${idNumber}}`,
    headers: { ...service.bearer(owner), 'content-type': 'application/json' },
  }));
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });

const secrets = Object.entries(canary);

async function tablesWith(text: string): Promise<string[]> {
  const { pool } = service.parts;
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`);
  const found: string[] = [];
  for (const { name: table } of rows) {
    const sql = `SELECT 1 FROM ${table} AS t WHERE strpos(t::text, $1) > 0 LIMIT 1`;
    if ((await pool.query(sql, [text])).rowCount !== 0) found.push(table);
  }
  return found;
}

describe('what is personal', () => {
  it('is shown to its owner', async () => {
    expect(answers.map(({ statusCode }) => statusCode))
      .toEqual([200, 201, 200, 201, 400, 400, 400, 404, 200, 400]);
    expect(service.logged()).toContain('ApplyAccount');
  });

  it.each(secrets)('(%s) is in no log line', (_, secret) => {
    expect(service.logged()).not.toContain(secret);
    expect(service.logged()).not.toContain(encodeURIComponent(secret));
  });

  it('leaves no token in a log line', () => expect(service.logged()).not.toMatch(/demo\.[\w-]+\.|Bearer/));

  it.each(secrets)('(%s) is in no answer to a mistake', (_, secret) => {
    const mistakes = answers.filter(({ statusCode }) => statusCode >= 400);
    expect(mistakes.filter(({ body }) => body.includes(secret))).toEqual([]);
  });

  it.each(secrets)('(%s) is in no header', (_, secret) => {
    expect(answers.filter(({ headers }) => JSON.stringify(headers).includes(secret))).toEqual([]);
  });

  it.each(secrets)('(%s) stands in clear in no table of the database', async (_, secret) =>
    expect(await tablesWith(secret)).toEqual([]));

  it('is looked for where what is not personal is found', async () =>
    expect(await tablesWith('8888')).toEqual(expect.arrayContaining(['log.events', 'read.accounts'])));

  it('is kept by no cache', async () => {
    const own = await service.as(world.people.payee).get('/api/v1/applicant');
    expect(own.headers['cache-control']).toBe('no-store');
  });
});

describe('an erased person', () => {
  it('reads as nothing to those who could read before', async () => {
    const { applicantId = '' } = world.people.payee;
    await service.parts.keys.destroy(applicantId);
    const reviewed = await service.as(world.people.reviewer).get(`/api/v1/reviews/${world.account}`);
    expect(reviewed.json()).toMatchObject({
      account: { accountName: null, status: '已核准' }, applicant: { idNumber: null, name: null },
    });
  });
});
