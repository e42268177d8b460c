import type { Response } from 'light-my-request';
import { caughtUp } from '../http/support/world.js';
import { Browser } from './support/browser.js';
import type { Firm } from './support/delegating.js';
import { openFirm } from './support/delegating.js';
import { ticketIn } from './support/mail-server.js';
import type { Office, Registrant } from './support/registering.js';
import { application } from './support/registering.js';

// Planted where personal data and secrets go in, and looked for wherever they must not come out.
const canary = {
  idNumber: 'A900207177', cardNumber: '904817263504', name: '金絲雀甲', email: 'canary-k7@example.org',
  newEmail: 'canary-k8@example.org', mobile: '0900111222', newMobile: '0900333444',
  address: '金絲雀市金絲雀里7鄰', password: 'canary secret 7351', newPassword: 'canary secret 9462',
  wrongPassword: 'canary wrong 1847', invited: 'canary-k9@example.org',
};
const card = {
  cardNumber: canary.cardNumber, name: canary.name, idNumber: canary.idNumber, birth: '0790101', sex: 'F',
  issued: '1080531',
};
const who: Registrant = { card, email: canary.email };

let firm: Firm;
let office: Office;
const delegated: Response[] = [];
let apiToken = '';
const answers: Response[] = [];
const urls: string[] = [];
const tickets: string[] = [];
const cookies: string[] = [];

beforeAll(async () => {
  firm = await openFirm();
  ({ office } = firm);
  const browser = new Browser(office.service);
  const kept = async (answer: Promise<Response>): Promise<Response> => {
    answers.push(await answer);
    cookies.push(browser.cookie ?? '');
    return answer;
  };
  const { address, mobile, password, newPassword, wrongPassword, newEmail, newMobile } = canary;
  const show = (path: string, body: object = {}) => kept(browser.show(card, path, body));
  const ticketTo = async (to: string): Promise<string> => {
    const ticket = ticketIn(await office.mailServer.next(to));
    tickets.push(ticket);
    return ticket;
  };
  await show('registrations', application(who, { address, mobile, password }));
  await show('registrations/confirmations', { ticket: await ticketTo(canary.email) });
  await show('sign-ins', { password: wrongPassword });
  await show('sign-ins', { password });
  await kept(browser.send('PUT', 'registration/email', { email: newEmail }));
  const forNewEmail = { ticket: await ticketTo(newEmail) };
  await kept(browser.send('POST', 'registration/email-confirmations', forNewEmail));
  await kept(browser.send('PUT', 'registration/mobile', { mobile: newMobile }));
  await kept(browser.send('PUT', 'registration/password', { password: newPassword }));
  await delegate(browser, ticketTo);
  await show('registrations/password-reset-mails');
  const forReset = { ticket: await ticketTo(newEmail), password: canary.idNumber };
  await show('registrations/password-resets', forReset);
  // Mistakes repeat what was sent nowhere.
  await show('registrations', application(who, { mobile: canary.name, email: canary.name }));
  await show('registrations', application(who, { householdNumber: canary.idNumber }));
  await show('sign-ins', { password, [canary.name]: canary.idNumber });
  await kept(browser.send('POST', 'sign-ins', { card: canary.cardNumber, password }));
  // With every link that a mail leads to.
  const links = office.mailServer.mails.flatMap(({ text }) => text.match(/https:\S+/g) ?? []);
  urls.push(...browser.visited, ...firm.company.visited, ...links);
});
afterAll(async () => { await firm.close(); });

/** Whom the company lets look, it is told by name: these answers are not looked through for names. */
async function delegate(browser: Browser, ticketTo: (to: string) => Promise<string>): Promise<void> {
  const { company, accountId } = firm;
  const accountIds = [accountId];
  const told = async (answer: Promise<Response>): Promise<Response> => {
    delegated.push(await answer);
    return answer;
  };
  const post = (path: string, body: object) => told(company.send('POST', path, body));
  const verify = async (secret: string) => post('delegate-verifications',
    { card: await company.read(card, {}, 'delegate-verification'), password: secret });
  await verify(canary.wrongPassword);
  const { verificationId } = (await verify(canary.newPassword)).json<{ verificationId: string }>();
  const granted = await post('delegations', { verificationId, accountIds });
  const { delegationId } = granted.json<{ delegationId: string }>();
  await caughtUp(office.service);
  await told(browser.get('reconciliations'));
  await told(company.get(`delegations/${delegationId}/accesses`));
  await post(`delegations/${delegationId}/revocations`, { accountIds });
  await post('delegation-offers', { email: canary.invited, accountIds });
  const ticket = await ticketTo(canary.invited);
  await told(browser.send('POST', 'delegation-offers/acceptances', { ticket }));
  await told(company.get('delegations'));
  await post('delegation-offers', { email: canary.name, accountIds: [canary.idNumber] });
  const issued = await post('api-credentials', { accountIds, validDays: 1 });
  const { token, credentialId } = issued.json<{ token: string; credentialId: string }>();
  apiToken = token;
  const program = () => office.service.send({
    method: 'GET', url: '/api/v1/reconciliations', headers: { authorization: `Bearer ${token}` },
  });
  await told(program());
  await told(company.send('DELETE', `api-credentials/${credentialId}`));
  await told(program());
}

const secrets = Object.entries(canary);

async function tablesWith(text: string): Promise<string[]> {
  const { pool } = office.service.parts;
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`);
  const found: string[] = [];
  for (const { name } of rows) {
    const sql = `SELECT 1 FROM ${name} AS t WHERE strpos(t::text, $1) > 0 LIMIT 1`;
    if ((await pool.query(sql, [text])).rowCount !== 0) found.push(name);
  }
  return found;
}

describe('what is planted in a registration', () => {
  it('went through every step', () =>
    expect(answers.map(({ statusCode }) => statusCode))
      .toEqual([201, 201, 401, 200, 200, 200, 200, 200, 202, 422, 400, 400, 400, 400]));

  it('went through every step of a delegation and of an API credential', () =>
    expect(delegated.map(({ statusCode }) => statusCode))
      .toEqual([401, 201, 201, 200, 200, 200, 201, 201, 200, 400, 201, 200, 200, 401]));

  it('shows the company a name and nothing else of the delegate', () => {
    const shown = delegated.map(({ body, headers }) => body + JSON.stringify(headers));
    const told = secrets.filter(([, secret]) => shown.some((text) => text.includes(secret)));
    expect(told).toEqual([['name', canary.name]]);
  });

  it.each(secrets)('(%s) is in no log line', (_, secret) =>
    expect(office.service.logged()).not.toContain(secret));

  it.each(secrets)('(%s) is in no answer and no header', (_, secret) => {
    const told = answers.map(({ body, headers }) => body + JSON.stringify(headers));
    expect(told.filter((text) => text.includes(secret))).toEqual([]);
  });

  it.each(secrets)('(%s) is in no address', (_, secret) => {
    expect(urls.length).toBeGreaterThan(answers.length);
    expect(urls.filter((url) => decodeURIComponent(url).includes(secret))).toEqual([]);
  });

  it.each(secrets)('(%s) stands in clear in no table', async (_, secret) =>
    expect(await tablesWith(secret)).toEqual([]));

  it('leaves no ticket and no cookie in a log line or a table', async () => {
    expect(tickets.length).toBe(4);
    expect(await tablesWith(apiToken)).toEqual([]);
    expect(office.service.logged()).not.toContain(apiToken.slice('treasury_api_'.length));
    cookies.push(firm.company.cookie ?? '');
    for (const secret of [...tickets, ...cookies.map((cookie) => cookie.split('=')[1] ?? '')]) {
      expect(secret.length).toBe(43);
      expect(office.service.logged()).not.toContain(secret);
      expect(await tablesWith(secret)).toEqual([]);
    }
  });

  it('is looked for where what is not secret is found', async () => {
    expect(office.service.logged()).toContain('ApplyForRegistration');
    expect(await tablesWith('confirmation')).toContain('log.events');
  });

  it('leaves no plain hash of an ID or card number anywhere', async () => {
    const { createHash } = await import('node:crypto');
    for (const secret of [canary.idNumber, canary.cardNumber]) {
      const digest = createHash('sha256').update(secret).digest();
      for (const text of [digest.toString('hex'), digest.toString('base64'), digest.toString('base64url')]) {
        expect(await tablesWith(text)).toEqual([]);
      }
    }
  });

  it('leaves not even a keyed hash of a number in the log', async () => {
    const { pool } = office.service.parts;
    const { rows } = await pool.query<{ id: string; card: string }>(
      `SELECT encode(id_digest, 'hex') AS id, encode(card_digest, 'hex') AS card FROM identity.people
       WHERE card_digest IS NOT NULL`);
    expect(rows.length).toBe(1);
    for (const digest of Object.values(rows[0] ?? {})) {
      expect((await tablesWith(digest)).filter((table) => !table.startsWith('identity.'))).toEqual([]);
    }
  });
});
