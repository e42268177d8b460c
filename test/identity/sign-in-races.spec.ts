import { randomUUID } from 'node:crypto';
import { PasswordTable } from '../../src/infrastructure/identity/password-table.js';
import { Browser, told } from './support/browser.js';
import { somebody } from './support/people.js';
import type { Office } from './support/registering.js';
import { openOffice, password, signedIn } from './support/registering.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

describe('a sign-in under way', () => {
  it('from a card agent that is revoked meanwhile opens no session', async () => {
    const who = somebody(90);
    const browser = await signedIn(office, who);
    const { agents } = (await browser.get('registration')).json<{ agents: { agentId: string }[] }>();
    const thief = new Browser(office.service, browser.agent);
    const { pool } = office.service.parts;
    const held = await pool.connect();
    try {
      // The password waits to be compared, so that the revocation is certainly faster.
      await held.query('BEGIN; LOCK TABLE identity.passwords IN ACCESS EXCLUSIVE MODE');
      const signIn = thief.signIn(who.card, password);
      await someoneWaits();
      const revoked = await browser.send('DELETE', `registration/devices/${agents[0]?.agentId ?? ''}`);
      expect(revoked.statusCode).toBe(200);
      await held.query('COMMIT');
      expect(told(await signIn)).toEqual([401, 'sign-in/failed']);
    } finally {
      held.release(true);
    }
    const { rowCount } = await pool.query('SELECT 1 FROM identity.sessions');
    expect(rowCount).toBe(0);
  });

  it('with a password that is changed meanwhile opens no session', async () => {
    const who = somebody(91);
    const browser = await signedIn(office, who);
    const [other, thief] = [1, 2].map(() => new Browser(office.service, browser.agent)) as [Browser, Browser];
    await other.signIn(who.card, password);
    const { pool } = office.service.parts;
    const [passwords, head] = [await pool.connect(), await pool.connect()];
    try {
      await passwords.query('BEGIN; LOCK TABLE identity.passwords IN ACCESS EXCLUSIVE MODE');
      const signIn = thief.signIn(who.card, password);
      await someoneWaits();
      // The password is found right; that it was waits for the log, until the change has ended all sessions.
      await head.query('BEGIN; SELECT 1 FROM log.head FOR UPDATE');
      await passwords.query('COMMIT');
      await someoneWaits('log.head');
      const changed = browser.send('PUT', 'registration/password', { password: 'another long secret' });
      await seen('SELECT 1 FROM identity.sessions HAVING count(*) = 1');
      await head.query('COMMIT');
      expect(told(await signIn)).toEqual([401, 'sign-in/failed']);
      expect((await changed).statusCode).toBe(200);
    } finally {
      passwords.release(true);
      head.release(true);
    }
    expect((await browser.get('session')).statusCode).toBe(200);
    const { rowCount } = await pool.query('SELECT 1 FROM identity.sessions');
    expect(rowCount).toBe(1);
    expect(told(await thief.signIn(who.card, 'another long secret'))).toEqual([200, undefined]);
  });
});

describe('a password whose hash is made anew at another cost', () => {
  const [registrationId, anothers] = [randomUUID(), randomUUID()];
  const tableAt = (passes: number): PasswordTable => new PasswordTable({
    pool: office.service.parts.pool, pepper: Buffer.alloc(32), cost: { memoryKib: 8, passes },
    hashesAtOnce: 1, turns: 2, now: office.clock.now,
  });
  const set = (table: PasswordTable, whose: string, given: string) =>
    table.inTurn((turn) => turn.set(whose, given));
  const since = (table: PasswordTable, given: string) =>
    table.inTurn((turn) => turn.rightSince(registrationId, given, 'enrolled'));

  it('stays the one that was set', async () => {
    const [before, after] = [tableAt(1), tableAt(2)];
    await set(before, registrationId, password);
    const first = await since(before, password);
    expect(first).not.toBeNull();
    expect([await since(after, password), await since(before, password)]).toEqual([first, first]);
  });

  it('does not take the place of another that is set meanwhile', async () => {
    const { pool } = office.service.parts;
    await set(tableAt(1), registrationId, password);
    await set(tableAt(2), anothers, 'another long secret');
    const held = await pool.connect();
    try {
      await held.query('BEGIN');
      await held.query(
        'SELECT 1 FROM identity.passwords WHERE registration_id = $1 FOR UPDATE', [registrationId]);
      const old = since(tableAt(2), password);
      await someoneWaits();
      await held.query(`
        UPDATE identity.passwords SET set_at = set_at + interval '1 second',
          hash = (SELECT hash FROM identity.passwords WHERE registration_id = $2)
        WHERE registration_id = $1`, [registrationId, anothers]);
      await held.query('COMMIT');
      await old;
    } finally {
      held.release(true);
    }
    expect(await since(tableAt(2), password)).toBeNull();
    expect(await since(tableAt(2), 'another long secret')).not.toBeNull();
  });
});

async function seen(sql: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if ((await office.service.parts.pool.query(sql)).rowCount !== 0) return;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  throw new Error(`never seen: ${sql}`);
}

const someoneWaits = (table = 'identity.passwords'): Promise<void> => seen(
  `
  SELECT 1 FROM pg_stat_activity
  WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%${table}%'`);
