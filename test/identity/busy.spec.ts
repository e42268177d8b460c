import { somebody } from './support/people.js';
import { told } from './support/browser.js';
import type { Office } from './support/registering.js';
import { openOffice, password, registered } from './support/registering.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

/** Takes every turn there is, and gives them back when told. */
async function everyTurn(): Promise<() => Promise<void>> {
  const { passwords } = office.service.parts.identity.stores;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => { release = resolve; });
  const taken: Promise<unknown>[] = [];
  while (!passwords.isBusy) taken.push(passwords.inTurn(() => released));
  return async () => {
    release();
    await Promise.all(taken);
  };
}

describe('more sign-ins than there are turns', () => {
  it('are told when to come again, and may bring the same reading', async () => {
    const who = somebody(70);
    const browser = await registered(office, who);
    const body = { card: await browser.read(who.card), password };
    const giveBack = await everyTurn();
    const refused = await browser.send('POST', 'sign-ins', body);
    expect([...told(refused), refused.headers['retry-after']]).toEqual([503, 'sign-in/busy', '1']);
    await giveBack();
    expect((await browser.send('POST', 'sign-ins', body)).statusCode).toBe(200);
  });

  it('keep nobody from being asked for a challenge, nor from reading', async () => {
    const who = somebody(71);
    const browser = await registered(office, who);
    await browser.signIn(who.card, password);
    const giveBack = await everyTurn();
    expect((await browser.send('POST', 'challenges')).statusCode).toBe(201);
    expect((await browser.get('sign-ins')).statusCode).toBe(200);
    await giveBack();
  });

  it('are twenty', async () => {
    const { passwords } = office.service.parts.identity.stores;
    const giveBack = await everyTurn();
    expect(await passwords.inTurn(async () => 'in')).toBeNull();
    await giveBack();
    const all = Array.from({ length: 20 }, () => passwords.inTurn((turn) => turn.isRight(null, 'x')));
    expect(await Promise.all(all)).toEqual(all.map(() => false));
  });
});
