import { randomUUID } from 'node:crypto';
import { lapseOverdue } from '../../src/application/identity/lapse-overdue.js';
import { record } from '../../src/application/identity/registrations.js';
import { told } from './support/browser.js';
import { ticketIn } from './support/mail-server.js';
import { somebody } from './support/people.js';
import type { Office } from './support/registering.js';
import { minutes, openOffice, password, registered, sealedOf, signedIn } from './support/registering.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

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
    await pool.query('ALTER TABLE identity.tickets RENAME TO taken_away');
    const cutOff = await browser.show(who.card, 'registrations/deletions', { password });
    await pool.query('ALTER TABLE identity.taken_away RENAME TO tickets');
    expect(cutOff.statusCode).toBeGreaterThanOrEqual(500);
    expect((await browser.get('session')).statusCode).toBe(401);
    expect(await people.find(who.card.idNumber)).not.toBeNull();
    office.clock.pass(minutes(3));
    const sweep = () => lapseOverdue(stores, new Date(now()).toISOString());
    expect([await sweep(), await sweep()]).toEqual([1, 0]);
    expect(await people.find(who.card.idNumber)).toBeNull();
    await signedIn(office, who);
  });

  it('needs the right password', async () => {
    const who = somebody(52);
    const browser = await registered(office, who);
    expect(told(await browser.show(who.card, 'registrations/deletions', { password: 'not the one' })))
      .toEqual([401, 'sign-in/failed']);
    expect((await browser.signIn(who.card, password)).statusCode).toBe(200);
  });
});
