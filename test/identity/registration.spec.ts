import { randomUUID } from 'node:crypto';
import { lapseOverdue } from '../../src/application/identity/lapse-overdue.js';
import { Browser, told } from './support/browser.js';
import { ticketIn } from './support/mail-server.js';
import { somebody } from './support/people.js';
import type { Office, Registrant } from './support/registering.js';
import {
  application, applied, days, minutes, openOffice, password, registered, sealedOf, signedIn,
} from './support/registering.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

const open = (): Browser => new Browser(office.service);
const registrationId = async ({ card }: Registrant): Promise<string> =>
  (await office.service.parts.identity.people.find(card.idNumber))?.registrationId ?? 'none';
const confirm = (browser: Browser, { card }: Registrant, ticket: string) =>
  browser.show(card, 'registrations/confirmations', { ticket });

describe('applying', () => {
  it.each([
    ['registration/household-mismatch', { householdNumber: 'F0000000' }],
    ['registration/household-mismatch', { address: '臺北市' }],
    ['password/too-short', { password: '1aB#4xY' }],
    ['password/too-long', { password: 'x y z'.repeat(13) }],
    ['password/too-common', { password: 'Password123' }],
    ['password/personal', { password: `${somebody(1).card.idNumber.toLowerCase()}!` }],
    ['password/personal', { password: 'somebody-1@example.org' }],
  ])('is refused: %s where %j', async (code, change) => {
    const who = somebody(1);
    const response = await open().show(who.card, 'registrations', application(who, change));
    expect(told(response)).toEqual([422, code]);
    expect(await registrationId(who)).toBe('none');
  });

  it('is refused with a card that is registered already', async () => {
    const who = somebody(2);
    await registered(office, who);
    const response = await open().show(who.card, 'registrations', application(who));
    expect(told(response)).toEqual([409, 'registration/already-registered']);
  });

  it('again takes the place of what nobody confirmed: the earlier ticket is void', async () => {
    const who = somebody(3);
    const browser = open();
    const first = await applied(office, browser, { ...who, email: 'misspelt@example.org' });
    const earlier = await registrationId(who);
    const second = await applied(office, browser, who);
    expect(told(await confirm(browser, who, first))).toEqual([404, 'ticket/unknown']);
    expect((await confirm(browser, who, second)).statusCode).toBe(201);
    const opened = await office.service.parts.keys.unsealAll(await sealedOf(office, earlier));
    expect(opened.every((one) => 'destroyed' in one)).toBe(true);
  });
});

describe('the mail', () => {
  it('leads to the page with its ticket behind the #, and names no card and nobody', async () => {
    const who = somebody(10);
    await open().show(who.card, 'registrations', application(who));
    const mail = await office.mailServer.next(who.email);
    expect(mail.text).toContain(`https://nss.example/registration/confirm#ticket=${ticketIn(mail)}`);
    for (const secret of [who.card.cardNumber, who.card.idNumber, who.card.name]) {
      expect(mail.source + mail.text).not.toContain(secret);
    }
  });

  it('comes again on request, the earlier ticket void, five times a day and without more time', async () => {
    const who = somebody(11);
    const browser = open();
    let ticket = await applied(office, browser, who);
    for (let i = 0; i < 5; i++) {
      const earlier = ticket;
      const again = await browser.show(who.card, 'registrations/confirmation-mails');
      expect(told(again)).toEqual([202, undefined]);
      ticket = ticketIn(await office.mailServer.next(who.email));
      expect(told(await confirm(browser, who, earlier))).toEqual([404, 'ticket/unknown']);
    }
    const sent = office.mailServer.mails.length;
    expect(told(await browser.show(who.card, 'registrations/confirmation-mails'))).toEqual([202, undefined]);
    office.clock.pass(days(5) + 1);
    expect(office.mailServer.mails.length).toBe(sent);
    expect(told(await confirm(browser, who, ticket))).toEqual([410, 'registration/deadline-passed']);
  });

  it.each(['confirmation-mails', 'password-reset-mails', 'deletion-mails'])(
    'is promised alike to who is registered and who is not: %s', async (path) => {
      const who = somebody(12);
      const browser = open();
      const sent = office.mailServer.mails.length;
      const response = await browser.show(who.card, `registrations/${path}`);
      expect([response.statusCode, response.json()]).toEqual([202, { accepted: true }]);
      expect(office.mailServer.mails.length).toBe(sent);
    });
});

describe('confirming', () => {
  it('needs the same card, and does not use the ticket up without it', async () => {
    const who = somebody(20);
    const browser = open();
    const ticket = await applied(office, browser, who);
    expect(told(await confirm(browser, somebody(21), ticket))).toEqual([422, 'registration/wrong-card']);
    const replaced = { ...who, card: { ...who.card, cardNumber: '999999999999' } };
    expect(told(await confirm(browser, replaced, ticket))).toEqual([422, 'registration/wrong-card']);
    expect((await confirm(browser, who, ticket)).statusCode).toBe(201);
    expect(told(await confirm(browser, who, ticket))).toEqual([404, 'ticket/unknown']);
  });

  it('is no matter of opening an address: there is nothing to GET', async () => {
    const response = await open().get('registrations/confirmations');
    expect(told(response)).toEqual([405, 'http/method-not-allowed']);
  });

  it('is too late after five days, when the sweeper has forgotten whoever applied', async () => {
    const who = somebody(22);
    const browser = open();
    const ticket = await applied(office, browser, who);
    const id = await registrationId(who);
    office.clock.pass(days(5) + 1);
    expect(told(await confirm(browser, who, ticket))).toEqual([410, 'registration/deadline-passed']);
    const { stores, now } = office.service.parts.identity;
    expect(await lapseOverdue(stores, new Date(now()).toISOString())).toBeGreaterThan(0);
    expect(await registrationId(who)).toBe('none');
    const opened = await office.service.parts.keys.unsealAll(await sealedOf(office, id));
    expect(opened.every((one) => 'destroyed' in one)).toBe(true);
    await registered(office, who);
  });

  it('that was claimed and never recorded does not keep the sweeper from the others', async () => {
    const { stores, people, now } = office.service.parts.identity;
    const [{ card }, confirmed] = [somebody(23), somebody(24)];
    const { personId } = await people.obtain(card.idNumber);
    const claim = { replaces: null, deadline: new Date(now()).toISOString() };
    await people.claim(personId, { ...claim, registrationId: randomUUID(), cardNumber: card.cardNumber });
    await registered(office, confirmed);
    // As a process leaves it that died right after the confirmation.
    await people.due(await registrationId(confirmed), new Date(now()).toISOString());
    office.clock.pass(minutes(1));
    const sweep = () => lapseOverdue(stores, new Date(now()).toISOString());
    expect([await sweep(), await sweep()]).toEqual([2, 0]);
    expect(await people.find(card.idNumber)).toBeNull();
    expect(await registrationId(confirmed)).not.toBe('none');
  });
});

describe('a forgotten password', () => {
  it('is set anew with ticket and card; whoever was signed in no longer is', async () => {
    const who = somebody(30);
    const browser = await signedIn(office, who);
    const other = open();
    await other.show(who.card, 'registrations/password-reset-mails');
    const ticket = ticketIn(await office.mailServer.next(who.email));
    const reset = (given: string) =>
      other.show(who.card, 'registrations/password-resets', { ticket, password: given });
    expect(told(await reset('12345678'))).toEqual([422, 'password/too-common']);
    expect((await reset('another long secret')).statusCode).toBe(201);
    expect((await browser.get('session')).statusCode).toBe(401);
    expect((await browser.signIn(who.card, password)).statusCode).toBe(401);
    expect((await other.signIn(who.card, 'another long secret')).statusCode).toBe(200);
  });

  it('that cannot be taken does not use the ticket up', async () => {
    const who = somebody(25);
    const browser = await registered(office, who);
    await browser.show(who.card, 'registrations/password-reset-mails');
    const ticket = ticketIn(await office.mailServer.next(who.email));
    const reset = (wanted: string) =>
      browser.show(who.card, 'registrations/password-resets', { ticket, password: wanted });
    expect(told(await reset(who.email))).toEqual([422, 'password/personal']);
    expect((await reset('another good one')).statusCode).toBe(201);
    expect(told(await reset('another good one'))).toEqual([404, 'ticket/unknown']);
  });

  it('cannot be set with a ticket older than half an hour', async () => {
    const who = somebody(31);
    const browser = await registered(office, who);
    await browser.show(who.card, 'registrations/password-reset-mails');
    const ticket = ticketIn(await office.mailServer.next(who.email));
    office.clock.pass(minutes(30) + 1);
    const body = { ticket, password: 'another long secret' };
    expect(told(await browser.show(who.card, 'registrations/password-resets', body)))
      .toEqual([410, 'ticket/expired']);
  });
});

describe('one\'s own registration', () => {
  it('changes only just after card and password were shown', async () => {
    const who = somebody(40);
    const browser = await signedIn(office, who);
    office.clock.pass(minutes(5) + 1);
    const change = () => browser.send('PUT', 'registration/mobile', { mobile: '0987654321' });
    expect(told(await change())).toEqual([403, 'session/reauthentication-required']);
    const before = browser.cookie;
    expect((await browser.show(who.card, 'session/re-authentication', { password })).statusCode).toBe(200);
    expect(browser.cookie).not.toBe(before);
    expect((await change()).statusCode).toBe(200);
    expect((await browser.get('registration')).json()).toMatchObject({ mobile: '0987654321' });
  });

  it('takes another password, and ends every other session', async () => {
    const who = somebody(41);
    const browser = await signedIn(office, who);
    const other = new Browser(office.service, browser.agent);
    await other.signIn(who.card, password);
    expect((await browser.send('PUT', 'registration/password', { password: 'new long secret' })).statusCode)
      .toBe(200);
    expect((await browser.get('session')).statusCode).toBe(200);
    expect((await other.get('session')).statusCode).toBe(401);
    expect((await other.signIn(who.card, 'new long secret')).statusCode).toBe(200);
  });

  it('mails no second ticket for a request that is repeated', async () => {
    const who = somebody(26);
    const browser = await signedIn(office, who);
    const ask = (email: string, key: string) =>
      browser.send('PUT', 'registration/email', { email }, { 'idempotency-key': key });
    for (let time = 0; time < 7; time++) {
      expect((await ask('once@example.org', 'same')).statusCode).toBe(200);
    }
    await ask('after-once@example.org', 'other');
    await office.mailServer.next('after-once@example.org');
    expect(office.mailServer.mails.filter(({ to }) => to.includes('once@example.org')).length).toBe(1);
  });

  it('takes another address once its ticket has come back', async () => {
    const who = somebody(42);
    const browser = await signedIn(office, who);
    const email = 'somebody-new@example.org';
    expect((await browser.send('PUT', 'registration/email', { email })).statusCode).toBe(200);
    expect((await browser.get('registration')).json()).toMatchObject({ email: who.email, newEmail: email });
    const ticket = ticketIn(await office.mailServer.next(email));
    const stranger = await signedIn(office, somebody(43));
    const path = 'registration/email-confirmations';
    expect(told(await stranger.send('POST', path, { ticket }))).toEqual([404, 'ticket/unknown']);
    expect((await browser.send('POST', path, { ticket })).statusCode).toBe(200);
    expect((await browser.get('registration')).json()).toMatchObject({ email, newEmail: null });
  });
});
