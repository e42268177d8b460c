import { randomUUID } from 'node:crypto';
import type { IdentityStores, Passwords } from '../../src/application/identity/identity-stores.js';
import { SignInHandler, SignIn } from '../../src/application/identity/sign-in.js';
import type { VerifiedCard } from '../../src/application/identity/verified-card.js';
import type { Browser } from './support/browser.js';
import { told } from './support/browser.js';
import { somebody } from './support/people.js';
import type { Office } from './support/registering.js';
import { days, minutes, openOffice, password, registered } from './support/registering.js';
import { TestAgent } from './support/virtual-card.js';

let office: Office;
beforeAll(async () => { office = await openOffice(); });
afterAll(async () => { await office.close(); });

describe('three wrong passwords', () => {
  const wrong = async (browser: Browser, who: ReturnType<typeof somebody>, times = 3): Promise<void> => {
    for (let i = 0; i < times; i++) {
      expect(told(await browser.signIn(who.card, 'a wrong password'))).toEqual([401, 'sign-in/failed']);
    }
  };

  it('suspend a device for ten minutes', async () => {
    const who = somebody(50);
    const browser = await registered(office, who);
    await wrong(browser, who);
    expect(told(await browser.signIn(who.card, password))).toEqual([429, 'sign-in/suspended']);
    office.clock.pass(minutes(10) - 1);
    expect(told(await browser.signIn(who.card, password))).toEqual([429, 'sign-in/suspended']);
    office.clock.pass(1);
    expect((await browser.signIn(who.card, password)).statusCode).toBe(200);
  });

  it('count from the start after a success, and the third suspension revokes all the same', async () => {
    const who = somebody(51);
    const browser = await registered(office, who);
    for (const round of [1, 2, 3]) {
      await wrong(browser, who, 2);
      expect((await browser.signIn(who.card, password)).statusCode).toBe(200);
      await wrong(browser, who);
      office.clock.pass(minutes(10));
      const after = told(await browser.signIn(who.card, password));
      expect(after).toEqual(round < 3 ? [200, undefined] : [403, 'sign-in/revoked']);
    }
    office.clock.pass(days(365));
    expect(told(await browser.signIn(who.card, password))).toEqual([403, 'sign-in/revoked']);
  });

  it('at the deletion count like those at the sign-in', async () => {
    const who = somebody(52);
    const browser = await registered(office, who);
    await wrong(browser, who, 2);
    expect(told(await browser.show(who.card, 'registrations/deletions', { password: 'wrong, too' })))
      .toEqual([401, 'sign-in/failed']);
    expect(told(await browser.show(who.card, 'registrations/deletions', { password })))
      .toEqual([429, 'sign-in/suspended']);
  });
});

describe('ten thousand guesses from machines that are not enrolled', () => {
  const guesses = 10_000;
  const atOnce = 10;

  /** Counts how often a password of somebody is really compared. */
  function counted(stores: IdentityStores, compared: { times: number }): IdentityStores {
    const passwords: Passwords = {
      isBusy: false,
      isStillSince: (registrationId, since) => stores.passwords.isStillSince(registrationId, since),
      remove: (registrationId) => stores.passwords.remove(registrationId),
      inTurn: (work) => stores.passwords.inTurn((turn) => work({
        set: (registrationId, given) => turn.set(registrationId, given),
        rightSince: (registrationId, given, from) => {
          if (registrationId !== null) compared.times++;
          return turn.rightSince(registrationId, given, from);
        },
        isBusyElsewhere: () => turn.isBusyElsewhere(),
      })),
    };
    return { ...stores, passwords };
  }

  it('are compared nine times, and the owner signs in throughout', async () => {
    const who = somebody(60);
    const owner = await registered(office, who);
    const compared = { times: 0 };
    const handler = new SignInHandler(counted(office.service.parts.identity.stores, compared));
    const agents = Array.from({ length: 50 }, () => new TestAgent());
    const cardOf = (guess: number): VerifiedCard => {
      const { jwk: { x, y }, keyId } = agents[guess % agents.length] ?? new TestAgent();
      const { idNumber, cardNumber, name } = who.card;
      const read = { idNumber, cardNumber, name, isNameComplete: true, birthDate: '1990-01-01' } as const;
      return { ...read, sex: 'M', issuedOn: '2019-05-31', agent: { keyId, x, y } };
    };
    const guess = async (number: number): Promise<string> => {
      const context = {
        principal: { id: 'unsigned-caller', roles: [] }, commandId: randomUUID(), fingerprint: 'unsigned',
        at: new Date(office.clock.now()).toISOString(),
      };
      const outcome = await handler.execute(new SignIn(context, cardOf(number), `guess number ${number}`));
      return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
    };
    const answers = new Map<string, number>();
    for (let first = 0; first < guesses; first += atOnce) {
      const round = await Promise.all(Array.from({ length: atOnce }, (_, i) => guess(first + i)));
      for (const answer of round) answers.set(answer, (answers.get(answer) ?? 0) + 1);
      office.clock.pass(minutes(1));
      if (first % 1_000 === 0) expect(told(await owner.signIn(who.card, password))).toEqual([200, undefined]);
    }
    expect(Object.fromEntries(answers)).toEqual({ 'sign-in/failed': guesses });
    expect(compared.times).toBe(9);
    expect(told(await owner.signIn(who.card, password))).toEqual([200, undefined]);
  }, 600_000);
});
