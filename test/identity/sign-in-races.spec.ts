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
});

async function someoneWaits(): Promise<void> {
  const { pool } = office.service.parts;
  for (let tries = 0; tries < 500; tries++) {
    const sql = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'identity.passwords'::regclass";
    if ((await pool.query(sql)).rowCount !== 0) return;
    await new Promise((resolve) => { setTimeout(resolve, 10); });
  }
  throw new Error('nobody waits for the passwords');
}
