import { lapseOverdueOffers } from '../../src/application/delegations/lapse-overdue-offers.js';
import { principal } from '../http/support/service.js';
import { caughtUp } from '../http/support/world.js';
import { Browser, told } from './support/browser.js';
import type { Firm } from './support/delegating.js';
import { companyAt, openFirm, somebodyRegistered } from './support/delegating.js';
import { ticketIn } from './support/mail-server.js';
import type { Office } from './support/registering.js';
import { days, minutes, password } from './support/registering.js';

let firm: Firm;
let office: Office;
let company: Browser;
let accountId: string;
let number = 400;

beforeAll(async () => {
  firm = await openFirm();
  ({ office, company, accountId } = firm);
});
afterAll(async () => { await firm.close(); });

describe('an invitation', () => {
  const invite = (email: string, at: Browser = company) =>
    at.send('POST', 'delegation-offers', { email, accountIds: [accountId], expiresOn: '2099-12-31' });
  const accept = (at: Browser, ticket: string) =>
    at.send('POST', 'delegation-offers/acceptances', { ticket });
  const invitations = async () => (await company.get('delegation-offers'))
    .json<{ offers: { offerId: string; email: string | null; status: string }[] }>().offers;

  it('is accepted at home, once, by whoever has the ticket and a card of their own', async () => {
    const [who, home] = await somebodyRegistered(office, number++);
    await home.signIn(who.card, password);
    expect((await invite('ming@example.org')).statusCode).toBe(201);
    const mail = await office.mailServer.next('ming@example.org');
    const ticket = ticketIn(mail);
    expect(mail.text).not.toContain('測試');
    expect((await invitations())[0]).toMatchObject({ email: 'ming@example.org', status: 'open' });
    expect(told(await accept(company, ticket))).toEqual([403, 'delegation/person-only']);
    expect(told(await accept(home, 'A'.repeat(43)))).toEqual([404, 'ticket/unknown']);
    expect((await accept(home, ticket)).statusCode).toBe(201);
    expect(told(await accept(home, ticket))).toEqual([404, 'ticket/unknown']);
    await caughtUp(office.service);
    expect((await home.get('accounts')).json())
      .toMatchObject({ delegated: [{ accountId, expiresOn: '2099-12-31' }] });
    expect((await invitations())[0]).toMatchObject({ email: null, status: 'accepted' });
    await home.send('DELETE', 'session');
  });

  it('asked for again under the same key is mailed once, and not at all once it is withdrawn', async () => {
    const key = { 'idempotency-key': 'again' };
    const ask = () =>
      company.send('POST', 'delegation-offers', { email: 'wu@example.org', accountIds: [accountId] }, key);
    const [first, second] = [await ask(), await ask()];
    expect(second.json()).toEqual(first.json());
    await company.send('DELETE', `delegation-offers/${first.json<{ offerId: string }>().offerId}`);
    expect((await ask()).statusCode).toBe(201);
    // Mails go out one after the other.
    await invite('after-wu@example.org');
    await office.mailServer.next('after-wu@example.org');
    expect(office.mailServer.mails.filter(({ to }) => to.includes('wu@example.org')).length).toBe(1);
  });

  it('whose acceptance was cut off does not give back what was revoked since', async () => {
    const [who, home] = await somebodyRegistered(office, number++);
    await home.signIn(who.card, password);
    await invite('hsu@example.org');
    const ticket = ticketIn(await office.mailServer.next('hsu@example.org'));
    const { pool } = office.service.parts;
    await pool.query('CREATE TABLE public.tickets AS TABLE identity.tickets');
    const { delegationId } = (await accept(home, ticket)).json<{ delegationId: string }>();
    // As a process leaves it that died before it used the ticket up.
    await pool.query('INSERT INTO identity.tickets TABLE public.tickets ON CONFLICT DO NOTHING');
    const revoked =
      await company.send('POST', `delegations/${delegationId}/revocations`, { accountIds: [accountId] });
    expect(revoked.statusCode).toBe(200);
    expect((await accept(home, ticket)).statusCode).toBe(201);
    await caughtUp(office.service);
    expect((await home.get('accounts')).json()).toMatchObject({ delegated: [] });
    await pool.query('DROP TABLE public.tickets');
    await home.send('DELETE', 'session');
  });

  it('opens nothing once it is withdrawn, and after five days', async () => {
    const [who, home] = await somebodyRegistered(office, number++);
    await home.signIn(who.card, password);
    await invite('mei@example.org');
    const withdrawn = ticketIn(await office.mailServer.next('mei@example.org'));
    const [{ offerId = '' } = {}] = await invitations();
    expect((await company.send('DELETE', `delegation-offers/${offerId}`)).statusCode).toBe(200);
    expect(told(await accept(home, withdrawn))).toEqual([404, 'ticket/unknown']);
    expect((await invitations())[0]).toMatchObject({ email: null, status: 'withdrawn' });
    await invite('mei@example.org');
    const late = ticketIn(await office.mailServer.next('mei@example.org'));
    const start = office.clock.ms;
    office.clock.pass(days(5) + 1);
    const back = new Browser(office.service, home.agent);
    expect((await back.signIn(who.card, password)).statusCode).toBe(200);
    expect(told(await accept(back, late))).toEqual([410, 'ticket/expired']);
    await back.send('DELETE', 'session');
    office.clock.ms = start;
    company = await companyAt(office);
    expect((await invitations())[0]).toMatchObject({ email: 'mei@example.org', status: 'open' });
  });

  it('that nobody accepts in five days is forgotten by the sweeper, and none before', async () => {
    const { stores } = office.service.parts.identity;
    const sweepAt = (ms: number) => lapseOverdueOffers(stores, new Date(ms).toISOString());
    const begun = office.clock.ms;
    await invite('never@example.org');
    office.clock.pass(minutes(1));
    await invite('later@example.org');
    office.clock.ms = begun;
    await office.mailServer.next('never@example.org');
    const late = ticketIn(await office.mailServer.next('later@example.org'));
    const emails = async () => (await invitations()).slice(0, 2).map(({ email }) => email);
    await sweepAt(begun + days(5));
    expect(await emails()).toEqual(['later@example.org', 'never@example.org']);
    expect(await sweepAt(begun + days(5) + 1)).toBeGreaterThan(0);
    expect(await emails()).toEqual(['later@example.org', null]);
    expect(await sweepAt(begun + days(5) + 1)).toBe(0);
    const [who, home] = await somebodyRegistered(office, number++);
    await home.signIn(who.card, password);
    expect((await accept(home, late)).statusCode).toBe(201);
    await home.send('DELETE', 'session');
  });

  it('is for accounts that may still be granted when it is accepted', async () => {
    const [who, home] = await somebodyRegistered(office, number++);
    await home.signIn(who.card, password);
    const body = { bankCode: '0040037', accountNumber: '902', accountName: '測試戶名' };
    const applied = await company.send('POST', 'accounts', body);
    const { accountId: given } = applied.json<{ accountId: string }>();
    const offer = { email: 'lin@example.org', accountIds: [given] };
    expect(told(await company.send('POST', 'delegation-offers', offer)))
      .toEqual([409, 'delegation/account-not-approved']);
    await office.service.as(principal('reviewer')).send('POST', `/api/v1/reviews/${given}/approval`);
    expect((await company.send('POST', 'delegation-offers', offer)).statusCode).toBe(201);
    const ticket = ticketIn(await office.mailServer.next('lin@example.org'));
    await company.send('DELETE', `accounts/${given}`);
    office.clock.pass(1);
    expect(told(await accept(home, ticket))).toEqual([409, 'delegation/account-not-approved']);
    expect((await company.send('POST', 'accounts', body)).statusCode).toBe(201);
    await office.service.as(principal('reviewer')).send('POST', `/api/v1/reviews/${given}/approval`);
    // It is approved again, but was offered before.
    expect(told(await accept(home, ticket))).toEqual([409, 'delegation/account-not-approved']);
    await home.send('DELETE', 'session');
  });
});
