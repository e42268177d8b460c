import { Browser, origin, told } from './support/browser.js';
import { ticketIn } from './support/mail-server.js';
import { somebody } from './support/people.js';
import type { Office } from './support/registering.js';
import { minutes, openOffice, password, registered, signedIn } from './support/registering.js';
import { cardPayload } from './support/virtual-card.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

describe('signing in', () => {
  it('opens what is a payee\'s, under a cookie that pages cannot read', async () => {
    const who = somebody(1);
    const browser = await registered(office, who);
    const before = browser.cookie;
    const response = await browser.signIn(who.card, password);
    expect(told(response)).toEqual([200, undefined]);
    expect(response.headers['set-cookie'])
      .toMatch(/^__Host-session=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    expect(browser.cookie).not.toBe(before);
    const { position } = response.json<{ position: string }>();
    const own = await browser.get(`applicant?wait-for=${position}`);
    expect(own.json()).toMatchObject({ kind: 'person', idNumber: who.card.idNumber, name: '測試公民' });
    expect((await browser.get('accounts')).statusCode).toBe(200);
    expect((await browser.get('session')).json()).toMatchObject({ roles: ['payee'] });
  });

  it('does not sign in the browser that only asked for a challenge', async () => {
    const browser = new Browser(office.service);
    await browser.send('POST', 'challenges');
    expect(told(await browser.get('session'))).toEqual([401, 'http/unauthenticated']);
  });

  it('ends by signing out, also for whoever kept the cookie', async () => {
    const browser = await signedIn(office, somebody(2));
    const { cookie } = browser;
    expect((await browser.send('DELETE', 'session')).headers['set-cookie']).toContain('Max-Age=0');
    browser.cookie = cookie;
    expect(told(await browser.get('session'))).toEqual([401, 'http/unauthenticated']);
  });

  it('ends after a quarter of an hour without requests, and after eight hours whatever is done', async () => {
    const browser = await signedIn(office, somebody(3));
    for (let passed = 0; passed < 8 * 60 - 14; passed += 14) {
      office.clock.pass(minutes(14));
      expect((await browser.get('session')).statusCode).toBe(200);
    }
    office.clock.pass(minutes(14));
    expect((await browser.get('session')).statusCode).toBe(401);
    const idle = await signedIn(office, somebody(4));
    office.clock.pass(minutes(15));
    expect((await idle.get('session')).statusCode).toBe(200);
    office.clock.pass(minutes(15) + 1);
    expect((await idle.get('session')).statusCode).toBe(401);
  });

  it('is shown to its owner, failures included', async () => {
    const who = somebody(5);
    const browser = await registered(office, who);
    await browser.signIn(who.card, 'a wrong password');
    const response = await browser.signIn(who.card, password);
    const { position } = response.json<{ position: string }>();
    const records = (await browser.get(`sign-ins?wait-for=${position}`)).json<{ signIns: object[] }>();
    expect(records.signIns).toMatchObject([
      { result: 'accepted', purpose: 'sign-in' }, { result: 'refused', purpose: 'sign-in' },
    ]);
    const page = await browser.get('sign-ins?limit=1');
    const { next, signIns } = page.json<{ next: string; signIns: object[] }>();
    expect(signIns).toEqual(records.signIns.slice(0, 1));
    expect((await browser.get(`sign-ins?cursor=${next}`)).json()).toMatchObject({
      signIns: records.signIns.slice(1), next: null,
    });
    expect(told(await browser.get('sign-ins?cursor=x'))).toEqual([400, 'http/invalid-cursor']);
  });
});

describe('the same refusal, at the same beat', () => {
  it('is given to who is not registered, not confirmed, has another card or a wrong password', async () => {
    const who = somebody(10);
    const browser = await registered(office, who);
    const pending = somebody(11);
    await browser.show(pending.card, 'registrations', { ...pendingApplication(pending) });
    const otherCard = { ...who.card, cardNumber: '999999999999' };
    const answers = [];
    for (const [card, given] of [
      [somebody(12).card, password], [pending.card, password], [otherCard, password],
      [who.card, 'a wrong password'],
    ] as const) {
      const started = performance.now();
      const { statusCode, body } = await browser.signIn(card, given);
      answers.push({ statusCode, body, isOnTheBeat: performance.now() - started >= 240 });
    }
    const [first] = answers;
    expect(first).toMatchObject({ statusCode: 401, isOnTheBeat: true });
    expect(JSON.parse(first?.body ?? '')).toMatchObject({ code: 'sign-in/failed' });
    for (const answer of answers) expect(answer).toEqual(first);
  });

  const pendingApplication = ({ card, email }: ReturnType<typeof somebody>) => ({
    householdNumber: `F${card.idNumber.slice(-7)}`, address: '臺北市1鄰', password, email,
    mobile: '0912345678', noticeVersion: '1',
  });
});

describe('a challenge', () => {
  it('is for one attempt: what was signed for it is refused the second time', async () => {
    const who = somebody(20);
    const browser = await registered(office, who);
    const body = { card: await browser.read(who.card), password };
    expect((await browser.send('POST', 'sign-ins', body)).statusCode).toBe(200);
    expect(told(await browser.send('POST', 'sign-ins', body))).toEqual([422, 'attestation/no-challenge']);
  });

  it('is used up by an attempt that failed', async () => {
    const who = somebody(21);
    const browser = await registered(office, who);
    const body = { card: await browser.read(who.card), password };
    await browser.send('POST', 'sign-ins', { ...body, password: 'a wrong password' });
    expect(told(await browser.send('POST', 'sign-ins', body))).toEqual([422, 'attestation/no-challenge']);
  });

  it('is that of the browser that asked for it', async () => {
    const who = somebody(22);
    const browser = await registered(office, who);
    const card = await browser.read(who.card);
    const other = new Browser(office.service);
    await other.send('POST', 'challenges');
    expect(told(await other.send('POST', 'sign-ins', { card, password })))
      .toEqual([422, 'attestation/wrong-signature']);
    const without = new Browser(office.service);
    expect(told(await without.send('POST', 'sign-ins', { card, password })))
      .toEqual([422, 'attestation/no-challenge']);
  });

  it('is good for five minutes', async () => {
    const who = somebody(23);
    const browser = await registered(office, who);
    const inTime = { card: await browser.read(who.card), password };
    office.clock.pass(minutes(5));
    expect((await browser.send('POST', 'sign-ins', inTime)).statusCode).toBe(200);
    const late = { card: await browser.read(who.card), password };
    office.clock.pass(minutes(5) + 1);
    expect(told(await browser.send('POST', 'sign-ins', late)))
      .toEqual([422, 'attestation/challenge-expired']);
  });

  it('signed by an agent that saw another origin is refused', async () => {
    const who = somebody(24);
    const browser = await registered(office, who);
    const phished = await browser.show(who.card, 'sign-ins', { password }, { origin: `${origin}.evil` });
    expect(told(phished)).toEqual([422, 'attestation/wrong-signature']);
  });

  it('does not turn a card that cannot be read into one', async () => {
    const who = somebody(25);
    const browser = await registered(office, who);
    const payload = cardPayload(who.card).subarray(0, 56);
    expect(told(await browser.show(who.card, 'sign-ins', { password }, { payload })))
      .toEqual([422, 'card/wrong-length']);
  });
});

describe('a request with a cookie', () => {
  it.each([
    ['from a foreign page', { origin: 'https://evil.example' }],
    ['from a page that does not say whose it is', { origin: 'null' }],
    ['without the header that no form can send', { 'x-treasury-request': '' }],
  ])('%s is refused', async (_, headers) => {
    const browser = new Browser(office.service);
    browser.cookie = `__Host-session=${'A'.repeat(43)}`;
    for (const path of ['challenges', 'sign-ins', 'registrations', 'accounts', 'bank-code-lists']) {
      expect(told(await browser.send('POST', path, {}, headers))).toEqual([403, 'http/foreign-origin']);
    }
  });

  it('never counts beside a bearer token', async () => {
    const browser = await signedIn(office, somebody(30));
    const answer = await browser.send('GET', 'session', undefined, { authorization: 'Bearer x' });
    expect(told(answer)).toEqual([401, 'http/unauthenticated']);
  });
});

describe('a new device', () => {
  it('is let in after the right password and the ticket mailed for it', async () => {
    const who = somebody(40);
    await registered(office, who);
    const other = new Browser(office.service);
    expect(told(await other.signIn(who.card, password))).toEqual([403, 'sign-in/new-device']);
    const ticket = ticketIn(await office.mailServer.next(who.email));
    expect((await other.show(who.card, 'registrations/devices', { ticket })).statusCode).toBe(201);
    expect((await other.signIn(who.card, password)).statusCode).toBe(200);
  });

  it('is not let in by a ticket for something else, of another card, or too late', async () => {
    const who = somebody(41);
    await registered(office, who);
    const other = new Browser(office.service);
    await other.show(who.card, 'registrations/password-reset-mails');
    const forReset = ticketIn(await office.mailServer.next(who.email));
    await other.signIn(who.card, password);
    const ticket = ticketIn(await office.mailServer.next(who.email));
    const path = 'registrations/devices';
    expect(told(await other.show(who.card, path, { ticket: forReset }))).toEqual([404, 'ticket/unknown']);
    expect(told(await other.show(somebody(42).card, path, { ticket })))
      .toEqual([422, 'registration/wrong-card']);
    office.clock.pass(minutes(30) + 1);
    expect(told(await other.show(who.card, path, { ticket }))).toEqual([410, 'ticket/expired']);
  });

  it('that is revoked is signed out at once and has to be enrolled anew', async () => {
    const who = somebody(43);
    const browser = await signedIn(office, who);
    const { agents } = (await browser.get('registration')).json<{ agents: { agentId: string }[] }>();
    expect(agents).toMatchObject([{ through: 'confirmation', isThisOne: true }]);
    const { agentId = '' } = agents[0] ?? {};
    expect((await browser.send('DELETE', `registration/devices/${agentId}`)).statusCode).toBe(200);
    expect((await browser.get('registration')).statusCode).toBe(401);
    expect(told(await browser.signIn(who.card, password))).toEqual([403, 'sign-in/new-device']);
  });
});

it('counts what comes of sign-ins, by result and never by whom', async () => {
  const who = somebody(70);
  const browser = await registered(office, who);
  await browser.signIn(who.card, 'a wrong password');
  const { registry } = office.service.parts.metrics;
  const before = await registry.getSingleMetricAsString('treasury_sign_ins_total');
  await browser.signIn(who.card, password);
  const after = await registry.getSingleMetricAsString('treasury_sign_ins_total');
  const countOf = (text: string, result: string): number =>
    Number(new RegExp(`result="${result}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  expect(countOf(after, 'done')).toBe(countOf(before, 'done') + 1);
  expect(countOf(before, 'sign-in/failed')).toBeGreaterThan(0);
});
