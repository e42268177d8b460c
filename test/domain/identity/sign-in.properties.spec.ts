import fc from 'fast-check';
import type { SignInCommand } from '../../../src/domain/identity/sign-in.js';
import { signInDecider } from '../../../src/domain/identity/sign-in.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';

const minutes = fc.nat({ max: 59 });
const at = fc.tuple(fc.nat({ max: 23 }), minutes).map(([hour, minute]) =>
  `2026-03-02T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`);
const attemptId = fc.integer({ min: 1, max: 12 }).map((number) => `try-${number}`);
const registrationId = fc.constant('registration-1');
const ended = { registrationId, attemptId, at };
const command: fc.Arbitrary<SignInCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    ...ended, type: fc.constant('TryPassword' as const), personId: fc.constant('person-1'),
    agentId: fc.constant(null), purpose: fc.constantFrom('sign-in' as const, 'deletion' as const),
  }) },
  { weight: 1, arbitrary: fc.record({ ...ended, type: fc.constant('AcceptPassword' as const) }) },
  { weight: 3, arbitrary: fc.record({ ...ended, type: fc.constant('RefusePassword' as const) }) });

describe('the rules of tries', () => {
  itIsARuleBook({
    decider: signInDecider, command, seed: 4_020_001, longest: 60,
    facts: ['PasswordTried', 'PasswordAccepted', 'PasswordRefused', 'SignInSuspended', 'SignInRevoked'],
  });

  it('let at most nine wrong ones in a row be looked at, and three whose end came minutes late', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
      let inARow = 0;
      for (const { type } of tell(signInDecider, commands).facts) {
        if (type === 'PasswordAccepted') inARow = 0;
        if (type === 'PasswordRefused') inARow++;
        expect(inARow).toBeLessThanOrEqual(9 + 3);
      }
    }), { seed: 4_020_002, numRuns: 500 }));

  it('never revoke without three suspensions\' worth of wrong ones', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
      const types = tell(signInDecider, commands).facts.map(({ type }) => type);
      const revoked = types.indexOf('SignInRevoked');
      if (revoked < 0) return;
      const before = types.slice(0, revoked);
      expect(before.filter((type) => type === 'SignInSuspended').length).toBe(2);
      expect(before.filter((type) => type === 'PasswordRefused').length).toBeGreaterThanOrEqual(9);
    }), { seed: 4_020_003, numRuns: 500 }));
});
