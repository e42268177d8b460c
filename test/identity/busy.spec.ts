import { setTimeout as pause } from 'node:timers/promises';
import { usualCost } from '../../src/infrastructure/identity/password-table.js';
import { somebody } from './support/people.js';
import { Browser, told } from './support/browser.js';
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
    const one = (): Promise<boolean | null> =>
      passwords.inTurn(async (turn) => await turn.rightSince(null, 'x', 'enrolled') !== null);
    const all = Array.from({ length: 20 }, one);
    expect(await Promise.all(all)).toEqual(all.map(() => false));
  });
});

describe('more sign-ins from machines that are not enrolled than there is time for', () => {
  let slow: Office;
  beforeAll(async () => { slow = await openOffice(undefined, usualCost); });
  afterAll(async () => { await slow.close(); });

  it('leave turns to those that are, and are told the same whoever they name', async () => {
    const [owner, guessed] = [somebody(72), somebody(73)];
    const known = await registered(slow, owner);
    await registered(slow, guessed);
    const tries = await Promise.all([guessed, somebody(74)].map(async ({ card: shown }) => {
      const stranger = new Browser(slow.service);
      return { stranger, card: await stranger.read(shown) };
    }));
    const { passwords } = slow.service.parts.identity.stores;
    const flood = Array.from({ length: 13 }, () =>
      passwords.inTurn(async (turn) => await turn.rightSince(null, 'x', 'elsewhere') !== null));
    while (!await passwords.inTurn(async (turn) => turn.isBusyElsewhere())) await pause(5);
    for (const { stranger, card } of tries) {
      const refused = await stranger.send('POST', 'sign-ins', { card, password });
      expect(told(refused)).toEqual([503, 'sign-in/busy']);
    }
    expect(told(await known.signIn(owner.card, password))).toEqual([200, undefined]);
    expect(await Promise.all(flood)).toEqual(flood.map(() => false));
    const later = await new Browser(slow.service).signIn(somebody(74).card, password);
    expect(told(later)).toEqual([401, 'sign-in/failed']);
  });
});
