import type { Response } from 'light-my-request';
import { caughtUp } from '../http/support/world.js';
import { show } from './certificates/certificate-service.js';
import { companyCard, idNumber, personCard } from './certificates/test-pki.js';
import { Browser, told } from './support/browser.js';
import type { Firm } from './support/delegating.js';
import { companyAt, openFirm, somebodyRegistered } from './support/delegating.js';
import { somebody } from './support/people.js';
import type { Office, Registrant } from './support/registering.js';
import { minutes, password, registered } from './support/registering.js';

let firm: Firm;
let office: Office;
let company: Browser;
let accountId: string;

beforeAll(async () => {
  firm = await openFirm();
  ({ office, company, accountId } = firm);
});
afterAll(async () => { await firm.close(); });

const signedInCompany = (): Promise<Browser> => companyAt(office);
const purpose = 'delegate-verification';
const verifications = 'delegate-verifications';

/** At the company's machine, whose card agent nobody but the company's people ever used. */
async function verify(
  who: Registrant, { at = company, secret = password, shown = purpose } = {},
): Promise<Response> {
  const card = await at.read(who.card, {}, shown);
  return at.send('POST', verifications, { card, password: secret });
}
const idIn = (response: Response): string => response.json<{ verificationId: string }>().verificationId;
const grant = (verificationId: string, at: Browser = company, headers: object = {}) =>
  at.send('POST', 'delegations', { verificationId, accountIds: [accountId] }, headers);
const again = () => show(company, companyCard(), { path: 'session/re-authentication/certificate' });

let number = 300;
const registeredSomebody = () => somebodyRegistered(office, number++);
beforeEach(async () => { await again(); });

describe('a delegate’s 健保卡 and password at the company’s machine', () => {
  it('let the company grant, once, and sign nobody in', async () => {
    const [who, home] = await registeredSomebody();
    const { cookie } = company;
    const verified = await verify(who);
    expect(verified.json()).toEqual({
      verificationId: expect.any(String) as string, name: '測試公民', cardType: '健保卡',
      expiresAt: new Date(office.clock.ms + minutes(5)).toISOString(),
    });
    expect(verified.headers['set-cookie']).toBeUndefined();
    expect(company.cookie).toBe(cookie);
    const sessions = await office.service.parts.pool.query('SELECT 1 FROM identity.sessions');
    expect(sessions.rowCount).toBe(1);
    expect((await grant(idIn(verified))).statusCode).toBe(201);
    expect(told(await grant(idIn(verified)))).toEqual([409, 'delegation/no-verification']);
    await caughtUp(office.service);
    await home.signIn(who.card, password);
    expect((await home.get('accounts')).json()).toMatchObject({ delegated: [{ accountId }] });
    await home.send('DELETE', 'session');
  });

  it('are good for the grant that was not answered, when it is asked for again', async () => {
    const [who] = await registeredSomebody();
    const verificationId = idIn(await verify(who));
    const key = { 'idempotency-key': 'lost-answer' };
    const first = await grant(verificationId, company, key);
    const second = await grant(verificationId, company, key);
    expect(second.json()).toEqual(first.json());
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
  });

  it('are not used up by a slip in the form', async () => {
    const [who] = await registeredSomebody();
    const verificationId = idIn(await verify(who));
    const body = { verificationId, accountIds: [verificationId] };
    expect(told(await company.send('POST', 'delegations', body)))
      .toEqual([404, 'delegation/unknown-account']);
    const past = { verificationId, accountIds: [accountId], expiresOn: '108/05/10' };
    expect(told(await company.send('POST', 'delegations', past))).toEqual([422, 'delegation/expiry-past']);
    expect((await grant(verificationId)).statusCode).toBe(201);
  });

  it('are for the session in which they were shown', async () => {
    const [who] = await registeredSomebody();
    const verificationId = idIn(await verify(who));
    const other = await signedInCompany();
    expect(told(await grant(verificationId, other))).toEqual([409, 'delegation/no-verification']);
    expect((await grant(verificationId)).statusCode).toBe(201);
    await other.send('DELETE', 'session');
  });

  it('are over after five minutes', async () => {
    const [who] = await registeredSomebody();
    const verificationId = idIn(await verify(who));
    office.clock.pass(minutes(5) + 1);
    await again();
    expect(told(await grant(verificationId))).toEqual([409, 'delegation/no-verification']);
  });

  it('are refused with one answer for a wrong password and an unknown card, and counted', async () => {
    const [who] = await registeredSomebody();
    const nobody = somebody(number++);
    const answers = [await verify(who, { secret: 'wrong wrong' }), await verify(nobody)];
    expect(answers.map(told)).toEqual([[401, 'sign-in/failed'], [401, 'sign-in/failed']]);
    for (let i = 0; i < 3; i++) await verify(who, { secret: 'wrong wrong' });
    expect(told(await verify(who))).toEqual([401, 'sign-in/failed']);
    office.clock.pass(minutes(11));
    await again();
    expect((await verify(who)).statusCode).toBe(201);
  });

  it('do not suspend the delegate’s own machine', async () => {
    const [who, home] = await registeredSomebody();
    for (let i = 0; i < 4; i++) await verify(who, { secret: 'wrong wrong' });
    expect((await home.signIn(who.card, password)).statusCode).toBe(200);
    const head = await caughtUp(office.service);
    const { signIns } = (await home.get(`sign-ins?wait-for=${head}`)).json<{ signIns: object[] }>();
    expect(signIns).toEqual(expect.arrayContaining([
      expect.objectContaining({ purpose, result: 'refused' }),
      expect.objectContaining({ purpose: 'sign-in', result: 'accepted' }),
    ]));
    await home.send('DELETE', 'session');
  });
});

describe('a proof', () => {
  it('given to sign in is refused as a verification, and the other way round', async () => {
    const [who, home] = await registeredSomebody();
    expect(told(await verify(who, { shown: 'sign-in' }))).toEqual([422, 'attestation/other-purpose']);
    const card = await home.read(who.card, {}, purpose);
    expect(told(await home.send('POST', 'sign-ins', { card, password })))
      .toEqual([422, 'attestation/other-purpose']);
    const certificate = await show(new Browser(office.service), companyCard(), { purpose });
    expect(told(certificate)).toEqual([422, 'attestation/other-purpose']);
  });

  it('cannot be sent again', async () => {
    const [who] = await registeredSomebody();
    const card = await company.read(who.card, {}, purpose);
    expect((await company.send('POST', verifications, { card, password })).statusCode).toBe(201);
    expect(told(await company.send('POST', verifications, { card, password })))
      .toEqual([422, 'attestation/no-challenge']);
  });

  it('is for a company’s session: a person has no one to let look', async () => {
    const [who, home] = await registeredSomebody();
    await home.signIn(who.card, password);
    const [other] = await registeredSomebody();
    expect(told(await verify(other, { at: home }))).toEqual([403, 'delegation/company-only']);
    await home.send('DELETE', 'session');
  });
});

describe('a delegate’s 自然人憑證', () => {
  const shown = { path: verifications, purpose, idNumber };

  it('of whom we know lets the company grant to that kind of card', async () => {
    const who = { ...somebody(number++), card: { ...somebody(number).card, idNumber, name: '測試王小明' } };
    const home = await registered(office, who);
    await home.signIn(who.card, password);
    const verified = await show(company, personCard(), shown);
    expect(verified.json()).toMatchObject({ name: '測試王小明', cardType: '自然人憑證' });
    expect((await grant(idIn(verified))).statusCode).toBe(201);
    await caughtUp(office.service);
    expect((await home.get('accounts')).json()).toMatchObject({ delegated: [] });
    const certified = new Browser(office.service);
    await show(certified, personCard(), { idNumber });
    expect((await certified.get('accounts')).json()).toMatchObject({ delegated: [{ accountId }] });
    expect((await home.show(who.card, 'registrations/deletions', { password })).statusCode).toBe(200);
    // Whoever deletes the registration is signed in with no card any more.
    expect((await certified.get('session')).statusCode).toBe(401);
  });

  it('of a stranger, and a 工商憑證, verify nobody', async () => {
    const refused = [401, 'sign-in/certificate-refused'];
    const stranger = { ...shown, idNumber: somebody(number++).card.idNumber };
    expect(told(await show(company, personCard(), stranger))).toEqual(refused);
    expect(told(await show(company, companyCard(), shown))).toEqual(refused);
  });
});

describe('what cannot be taken back', () => {
  it('asks for the card once more after five minutes', async () => {
    const [who] = await registeredSomebody();
    const verificationId = idIn(await verify(who));
    const { delegationId } = (await grant(verificationId)).json<{ delegationId: string }>();
    office.clock.pass(minutes(5) + 1);
    const revocations = `delegations/${delegationId}/revocations`;
    const revoke = () => company.send('POST', revocations, { accountIds: [accountId] });
    const stale = [403, 'session/reauthentication-required'];
    expect(told(await grant(verificationId))).toEqual(stale);
    expect(told(await verify(who))).toEqual(stale);
    expect(told(await revoke())).toEqual(stale);
    expect((await company.get('delegations')).statusCode).toBe(200);
    await again();
    expect((await revoke()).statusCode).toBe(200);
  });

  it('is every route that approves, grants, revokes, or changes who somebody is', () => {
    const { routes } = office.service.server;
    expect(routes.sensitive().filter((route) => !route.includes('credentials'))).toEqual([
      'DELETE /api/v1/registration/devices/:agentId',
      'DELETE /api/v1/staff/:memberId',
      'POST /api/v1/delegate-verifications',
      'POST /api/v1/delegation-offers',
      'POST /api/v1/delegation-offers/acceptances',
      'POST /api/v1/delegations',
      'POST /api/v1/delegations/:delegationId/revocations',
      'POST /api/v1/reviews/:accountId/approval',
      'POST /api/v1/reviews/:accountId/rejection',
      'POST /api/v1/staff',
      'PUT /api/v1/registration/email',
      'PUT /api/v1/registration/mobile',
      'PUT /api/v1/registration/password',
    ]);
  });
});
