import { randomUUID } from 'node:crypto';
import { lapseOverdue } from '../../src/application/identity/lapse-overdue.js';
import { withdrawOfErased } from '../../src/application/identity/withdraw-of-erased.js';
import { load } from '../../src/application/handle.js';
import { record } from '../../src/application/identity/registrations.js';
import { accountStream } from '../../src/application/stream-names.js';
import { accountDecider } from '../../src/domain/accounts/account.js';
import { principal } from '../http/support/service.js';
import { bankList, caughtUp } from '../http/support/world.js';
import type { Browser } from './support/browser.js';
import { told } from './support/browser.js';
import { ticketIn } from './support/mail-server.js';
import { somebody } from './support/people.js';
import type { Office } from './support/registering.js';
import { minutes, openOffice, password, registered, sealedOf, signedIn } from './support/registering.js';

let office: Office;
beforeAll(async () => {
  office = await openOffice();
  await office.service.as(principal('operator')).csv('/api/v1/bank-code-lists', bankList);
});
afterAll(async () => { await office.close(); });

async function appliedFor(browser: Browser, accountNumber: string): Promise<string> {
  const body = { bankCode: '0040037', accountNumber, accountName: '測試戶名' };
  return (await browser.send('POST', 'accounts', body)).json<{ accountId: string }>().accountId;
}
const queued = async (): Promise<readonly string[]> =>
  (await office.service.as(principal('reviewer')).get('/api/v1/reviews'))
    .json<{ reviews: readonly { accountId: string }[] }>().reviews.map(({ accountId }) => accountId);
const statusOf = async (accountId: string): Promise<string> =>
  (await load(office.service.parts.log, accountDecider, accountStream(accountId))).state.status;

describe('deleting a registration', () => {
  it.each(['password', 'ticket'] as const)('by %s destroys every key and forgets the person', async (by) => {
    const who = somebody(by === 'password' ? 50 : 51);
    const browser = await signedIn(office, who);
    const { applicantId } = (await browser.get('session')).json<{ applicantId: string }>();
    const id = (await office.service.parts.identity.people.find(who.card.idNumber))?.registrationId ?? 'none';
    let proof: object = { password };
    if (by === 'ticket') {
      await browser.show(who.card, 'registrations/deletion-mails');
      proof = { ticket: ticketIn(await office.mailServer.next(who.email)) };
    }
    expect((await browser.show(who.card, 'registrations/deletions', proof)).statusCode).toBe(200);
    expect((await browser.get('session')).statusCode).toBe(401);
    expect((await browser.signIn(who.card, password)).statusCode).toBe(401);
    const { pool, keys } = office.service.parts;
    for (const table of ['people', 'passwords', 'tickets', 'sessions']) {
      const { rowCount } = await pool.query(
        `SELECT 1 FROM identity.${table} WHERE registration_id = $1`, [id]);
      expect([table, rowCount]).toEqual([table, 0]);
    }
    const opened = await keys.unsealAll(await sealedOf(office, id));
    expect(opened.every((one) => 'destroyed' in one)).toBe(true);
    const { rows } = await pool.query<{ destroyed_at: Date | null }>(
      'SELECT destroyed_at FROM keys.subjects WHERE subject = $1', [applicantId]);
    expect(rows).toEqual([{ destroyed_at: expect.any(Date) }]);
    const again = await signedIn(office, who);
    expect((await again.get('session')).json()).not.toMatchObject({ applicantId });
  });

  it('that died right after its fact is finished by asking for it again', async () => {
    const who = somebody(53);
    const browser = await signedIn(office, who);
    const { stores, people } = office.service.parts.identity;
    const registrationId = (await people.find(who.card.idNumber))?.registrationId ?? 'none';
    const at = new Date(office.clock.ms).toISOString();
    const meta = { commandId: randomUUID(), fingerprint: 'test', by: randomUUID(), at };
    await record(stores.log, { type: 'DeleteRegistration', registrationId, at }, meta);
    expect(told(await browser.show(who.card, 'registrations/deletions', { password: 'not the one' })))
      .toEqual([401, 'sign-in/failed']);
    expect((await browser.show(who.card, 'registrations/deletions', { password })).statusCode).toBe(200);
    expect((await browser.get('session')).statusCode).toBe(401);
    expect(await people.find(who.card.idNumber)).toBeNull();
    const opened = await office.service.parts.keys.unsealAll(await sealedOf(office, registrationId));
    expect(opened.every((one) => 'destroyed' in one)).toBe(true);
  });

  it('that died while forgetting is finished by the sweeper, and nobody is signed in meanwhile', async () => {
    const who = somebody(54);
    const browser = await signedIn(office, who);
    const { pool, identity: { stores, people, now } } = office.service.parts;
    const pending = await appliedFor(browser, '905');
    await caughtUp(office.service);
    await pool.query('ALTER TABLE identity.tickets RENAME TO taken_away');
    const cutOff = await browser.show(who.card, 'registrations/deletions', { password });
    await pool.query('ALTER TABLE identity.taken_away RENAME TO tickets');
    expect(cutOff.statusCode).toBeGreaterThanOrEqual(500);
    expect((await browser.get('session')).statusCode).toBe(401);
    expect(await people.find(who.card.idNumber)).not.toBeNull();
    office.clock.pass(minutes(3));
    const sweep = () => lapseOverdue(stores, new Date(now()).toISOString());
    expect(await statusOf(pending)).toBe('pending');
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect(await statusOf(pending)).toBe('withdrawn');
    expect(await people.find(who.card.idNumber)).toBeNull();
    await signedIn(office, who);
  });

  it('withdraws the applications under review, and leaves what was approved', async () => {
    const browser = await signedIn(office, somebody(55));
    const [pending, approved] = [await appliedFor(browser, '901'), await appliedFor(browser, '902')];
    const reviewer = office.service.as(principal('reviewer'));
    await reviewer.send('POST', `/api/v1/reviews/${approved}/approval`);
    await caughtUp(office.service);
    expect(await queued()).toEqual([pending]);
    const deleted = await browser.show(somebody(55).card, 'registrations/deletions', { password });
    expect(deleted.statusCode).toBe(200);
    expect(await statusOf(pending)).toBe('withdrawn');
    expect(await statusOf(approved)).toBe('approved');
    await caughtUp(office.service);
    expect(await queued()).toEqual([]);
    expect(told(await reviewer.send('POST', `/api/v1/reviews/${pending}/approval`)))
      .toEqual([409, 'account/not-pending']);
  });

  it('leaves applications that no table showed yet to the sweeper, which touches no others', async () => {
    const [browser, other] = [await signedIn(office, somebody(56)), await signedIn(office, somebody(57))];
    const others = await appliedFor(other, '903');
    await caughtUp(office.service);
    const { pool, identity: { stores, now } } = office.service.parts;
    const held = await pool.connect();
    try {
      // The projectors wait: what is filed now no table shows before the deletion is over.
      await held.query('BEGIN; LOCK TABLE read.accounts IN EXCLUSIVE MODE');
      const late = await appliedFor(browser, '904');
      expect((await browser.show(somebody(56).card, 'registrations/deletions', { password })).statusCode)
        .toBe(200);
      expect(await statusOf(late)).toBe('pending');
      await held.query('COMMIT');
      await caughtUp(office.service);
      expect(await queued()).toEqual([others, late]);
      const sweep = () => withdrawOfErased(stores, new Date(now()).toISOString());
      expect(await sweep()).toBe(1);
      expect(await statusOf(late)).toBe('withdrawn');
    } finally {
      held.release(true);
    }
    await caughtUp(office.service);
    expect(await queued()).toEqual([others]);
    expect(await withdrawOfErased(stores, new Date(now()).toISOString())).toBe(0);
  });

  it('needs the right password', async () => {
    const who = somebody(52);
    const browser = await registered(office, who);
    expect(told(await browser.show(who.card, 'registrations/deletions', { password: 'not the one' })))
      .toEqual([401, 'sign-in/failed']);
    expect((await browser.signIn(who.card, password)).statusCode).toBe(200);
  });
});
