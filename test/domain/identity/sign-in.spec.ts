import type { TryPassword } from '../../../src/domain/identity/sign-in.js';
import { signInDecider } from '../../../src/domain/identity/sign-in.js';
import type { SignInFact } from '../../../src/domain/identity/sign-in.events.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(signInDecider);
const registrationId = 'registration-1';
const start = '2026-03-02T01:00:00.000Z';
const tenMinutesLater = '2026-03-02T01:10:00.000Z';

const attempt = (attemptId = 'try', at = start): TryPassword => ({
  type: 'TryPassword', registrationId, personId: 'person-1', agentId: null, attemptId, purpose: 'sign-in', at,
});
const tried = (attemptId = 'try', at = start): SignInFact => ({ type: 'PasswordTried', data: {
  registrationId, attemptId, personId: 'person-1', purpose: 'sign-in', triedAt: at,
} });
const accepted = (attemptId = 'try', at = start): SignInFact =>
  ({ type: 'PasswordAccepted', data: { registrationId, attemptId, acceptedAt: at } });
const refused = (attemptId = 'try', at = start): SignInFact =>
  ({ type: 'PasswordRefused', data: { registrationId, attemptId, refusedAt: at } });
const suspended = (attemptId: string, suspension: number, at = start): SignInFact => ({
  type: 'SignInSuspended',
  data: { registrationId, attemptId, suspension, until: tenMinutesLater, suspendedAt: at },
});
const revoked = (attemptId: string): SignInFact =>
  ({ type: 'SignInRevoked', data: { registrationId, attemptId, revokedAt: start } });
const wrong = (...ids: readonly string[]): SignInFact[] => ids.flatMap((id) => [tried(id), refused(id)]);
const suspension = (count: number): SignInFact[] =>
  [...wrong(`${count}a`, `${count}b`, `${count}c`), suspended(`${count}c`, count)];
const accept = { type: 'AcceptPassword', registrationId, attemptId: 'try', at: start } as const;
const refuse = { type: 'RefusePassword', registrationId, attemptId: 'try', at: start } as const;

describe('trying a password', () => {
  it('is recorded before the password is looked at', () => given().when(attempt()).thenFacts(tried()));

  it('says nothing when told again', () => given(tried()).when(attempt()).thenNothing());

  it('tells the enrolled card agent it came from', () =>
    given().when({ ...attempt(), agentId: 'agent-1' }).thenFacts({
      type: 'PasswordTried',
      data: { ...tried().data, agentId: 'agent-1' } as never,
    }));

  it('is allowed a third time after two wrong ones, and no more while that one is under way', () => {
    given(...wrong('a', 'b')).when(attempt()).thenFacts(tried());
    given(...wrong('a', 'b'), tried('c')).when(attempt()).thenRefused('sign-in/suspended');
  });

  it('counts tries under way like wrong ones', () =>
    given(tried('a'), tried('b'), tried('c')).when(attempt()).thenRefused('sign-in/suspended'));

  it('no longer counts a try whose end was never told, after two minutes', () => {
    const later = '2026-03-02T01:02:00.000Z';
    given(tried('a'), tried('b'), tried('c')).when(attempt('try', later)).thenFacts(tried('try', later));
    given(tried('a'), tried('b'), tried('c')).when(attempt('try', '2026-03-02T01:01:59.999Z'))
      .thenRefused('sign-in/suspended');
  });

  it('is refused while suspended, and allowed from the tenth minute on', () => {
    given(...suspension(1)).when(attempt('try', '2026-03-02T01:09:59.999Z')).thenRefused('sign-in/suspended');
    given(...suspension(1)).when(attempt('try', tenMinutesLater)).thenFacts(tried('try', tenMinutesLater));
  });

  it('is refused for good once revoked', () =>
    given(...wrong('a'), revoked('a')).when(attempt('try', '2036-03-02T01:00:00.000Z'))
      .thenRefused('sign-in/revoked'));

  it('needs a time to go by', () =>
    given().when(attempt('try', 'today')).thenRefused('sign-in/invalid-time'));
});

describe('the right password', () => {
  it('is recorded', () => given(tried()).when(accept).thenFacts(accepted()));

  it('clears the wrong ones', () =>
    given(...wrong('a', 'b'), tried('c'), accepted('c'), ...wrong('d', 'e')).when(attempt())
      .thenFacts(tried()));

  it('never clears a suspension', () =>
    given(...suspension(1), tried('x'), accepted('x'), ...suspension(2), tried('y'), accepted('y'),
      ...wrong('a', 'b'), tried()).when(refuse).thenFacts(refused(), revoked('try')));

  it('is refused where nobody tried one', () =>
    given().when(accept).thenRefused('sign-in/unknown-attempt'));
});

describe('a wrong password', () => {
  it('is recorded', () => given(tried()).when(refuse).thenFacts(refused()));

  it('suspends for ten minutes when it is the third', () =>
    given(...wrong('a', 'b'), tried()).when(refuse).thenFacts(refused(), suspended('try', 1)));

  it('counts from the start again after a suspension', () =>
    given(...suspension(1), ...wrong('a'), tried()).when(refuse).thenFacts(refused()));

  it('revokes with the third suspension', () =>
    given(...suspension(1), ...suspension(2), ...wrong('a', 'b'), tried()).when(refuse)
      .thenFacts(refused(), revoked('try')));

  it('is refused where nobody tried one', () =>
    given().when(refuse).thenRefused('sign-in/unknown-attempt'));

  it('needs a time to go by', () =>
    given(tried()).when({ ...refuse, at: 'today' }).thenRefused('sign-in/invalid-time'));
});
