import fc from 'fast-check';
import type { RegistrationCommand } from '../../../src/domain/identity/registration.js';
import { registrationDecider } from '../../../src/domain/identity/registration.js';
import { mailPurposes } from '../../../src/domain/identity/registration.events.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';

const named = {
  registrationId: fc.constant('registration-1'),
  at: fc.constantFrom(
    '2026-03-02T01:00:00.000Z', '2026-03-03T02:00:00.000Z', '2026-03-08T01:00:00.000Z', 'not an instant'),
};
const agentId = fc.constantFrom('agent-1', 'agent-2');
const keyId = fc.constantFrom('key-1', 'key-2');
const changing = { ...named, changeId: fc.constantFrom('change-1', 'change-2', 'change-3') };
const type = <T extends string>(name: T) => ({ type: fc.constant(name) });
const policyVersion = fc.constant(1);
const text = fc.string();

const command: fc.Arbitrary<RegistrationCommand> = fc.oneof(
  { weight: 4, arbitrary: fc.record({
    ...type('ApplyForRegistration'), ...named, personId: fc.constant('person-1'), cardNumber: text,
    idNumber: text, name: text, email: text, mobile: text, householdCheckedAsOf: fc.constant('2026-03-02'),
    noticeVersion: fc.constant('1'),
  }) },
  { weight: 4, arbitrary: fc.record({
    ...type('MailTicket'), ...named, mailId: fc.uuid(), purpose: fc.constantFrom(...mailPurposes),
  }) },
  { weight: 4, arbitrary: fc.record({ ...type('ConfirmRegistration'), ...named, agentId, keyId }) },
  { weight: 1, arbitrary: fc.record({
    ...type('LapseRegistration'), ...named, reason: fc.constant('applied-again' as const),
  }) },
  { weight: 1, arbitrary: fc.record({ ...type('DeleteRegistration'), ...named }) },
  fc.record({ ...type('EnrolAgent'), ...named, agentId, keyId, through: fc.constant('new-device' as const) }),
  fc.record({ ...type('RevokeAgent'), ...named, agentId }),
  fc.record({ ...type('ChangePassword'), ...changing, policyVersion }),
  fc.record({ ...type('ResetPassword'), ...changing, policyVersion }),
  fc.record({ ...type('RequestNewEmail'), ...changing, email: text }),
  fc.record({ ...type('ConfirmNewEmail'), ...changing }),
  fc.record({ ...type('ChangeMobile'), ...changing, mobile: text }));

describe('the rules of registrations', () => {
  itIsARuleBook({
    decider: registrationDecider, command, seed: 4_030_001,
    facts: [
      'RegistrationApplied', 'TicketMailed', 'RegistrationConfirmed', 'RegistrationLapsed', 'AgentEnrolled',
      'AgentRevoked', 'PasswordChanged', 'PasswordReset', 'EmailChangeRequested', 'EmailChanged',
      'MobileChanged', 'RegistrationDeleted',
    ],
  });

  it('record nothing about a registration that lapsed or was deleted', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      const types = tell(registrationDecider, commands).facts.map((fact) => fact.type);
      const end = types.findIndex((one) => one === 'RegistrationLapsed' || one === 'RegistrationDeleted');
      if (end >= 0) expect(end).toBe(types.length - 1);
    }), { seed: 4_030_002, numRuns: 300 }));

  it('never let a key count twice at once', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 40, size: 'max' }), (commands) => {
      const state = tell(registrationDecider, commands).states.at(-1);
      if (state?.status !== 'confirmed') return;
      const counting = state.agents.filter(({ isRevoked }) => !isRevoked).map((agent) => agent.keyId);
      expect(new Set(counting).size).toBe(counting.length);
    }), { seed: 4_030_003, numRuns: 300 }));
});
