import type {
  ApplyForRegistration, ConfirmRegistration, MailTicket, RegistrationCommand,
} from '../../../src/domain/identity/registration.js';
import { registrationDecider } from '../../../src/domain/identity/registration.js';
import type { RegistrationFact } from '../../../src/domain/identity/registration.events.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(registrationDecider);
const registrationId = 'registration-1';
const at = '2026-03-02T01:00:00.000Z';
const deadline = '2026-03-07T01:00:00.000Z';
const afterwards = '2026-03-07T01:00:00.001Z';
const named = { registrationId, at };
const person = { personId: 'person-1', householdCheckedAsOf: '2026-03-02', noticeVersion: '1' };

const apply: ApplyForRegistration = {
  type: 'ApplyForRegistration', ...named, ...person, cardNumber: '000000000001', idNumber: 'A123456789',
  name: '陳小明', email: 'ming@example.org', mobile: '0912345678',
};
const applied: RegistrationFact = { type: 'RegistrationApplied', data: {
  registrationId, ...person, cardNumber: { plain: '000000000001' }, idNumber: { plain: 'A123456789' },
  name: { plain: '陳小明' }, email: { plain: 'ming@example.org' }, mobile: { plain: '0912345678' },
  deadline, appliedAt: at,
} };
const mail = (mailId = 'mail', change: Partial<MailTicket> = {}): MailTicket =>
  ({ type: 'MailTicket', ...named, mailId, purpose: 'confirmation', ...change });
const mailed = (mailId = 'mail', change: Partial<MailTicket> = {}): RegistrationFact => {
  const { purpose, at: mailedAt } = mail(mailId, change);
  return { type: 'TicketMailed', data: { registrationId, mailId, purpose, mailedAt } };
};
const confirm: ConfirmRegistration =
  { type: 'ConfirmRegistration', ...named, agentId: 'agent-1', keyId: 'key-1' };
const confirmed: RegistrationFact[] = [
  { type: 'RegistrationConfirmed', data: { registrationId, confirmedAt: at } },
  { type: 'AgentEnrolled', data: {
    registrationId, agentId: 'agent-1', keyId: 'key-1', through: 'confirmation', enrolledAt: at,
  } },
];
const lapsed: RegistrationFact =
  { type: 'RegistrationLapsed', data: { registrationId, reason: 'deadline-passed', lapsedAt: at } };
const deleted: RegistrationFact = { type: 'RegistrationDeleted', data: { registrationId, deletedAt: at } };
const registered = [applied, ...confirmed];

describe('applying for a registration', () => {
  it('is recorded with everything personal as such, and five days to confirm', () =>
    given().when(apply).thenFacts(applied));
  it('says nothing when told again', () => given(applied).when(apply).thenNothing());
  it('is refused once confirmed', () =>
    given(...registered).when(apply).thenRefused('registration/already-registered'));
  it('needs a time to go by', () =>
    given().when({ ...apply, at: 'today' }).thenRefused('registration/invalid-time'));
});

describe('mailing a ticket', () => {
  it('is recorded without the ticket', () => given(applied).when(mail()).thenFacts(mailed()));
  it('says nothing when told again', () => given(applied, mailed()).when(mail()).thenNothing());
  it('is done at most five times again in 24 hours', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => mailed(id));
    given(applied, ...six.slice(1)).when(mail()).thenFacts(mailed());
    given(applied, ...six).when(mail()).thenRefused('registration/too-many-mails');
    const nextDay = { at: '2026-03-03T01:00:00.000Z' };
    given(applied, ...six).when(mail('mail', nextDay)).thenFacts(mailed('mail', nextDay));
  });
  it('does not extend the five days', () => {
    given(applied).when(mail('mail', { at: deadline })).thenFacts(mailed('mail', { at: deadline }));
    given(applied, mailed('a', { at: deadline })).when(mail('mail', { at: afterwards }))
      .thenRefused('registration/deadline-passed');
  });
  it('for anything but the confirmation needs the confirmation first', () =>
    given(applied).when(mail('mail', { purpose: 'password-reset' }))
      .thenRefused('registration/not-confirmed'));
  it('for the confirmation is refused once confirmed', () =>
    given(...registered).when(mail()).thenRefused('registration/already-registered'));
  it('counts each purpose by itself', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((id) => mailed(id, { purpose: 'deletion' }));
    const reset = { purpose: 'password-reset' } as const;
    given(...registered, ...five).when(mail('mail', { purpose: 'deletion' }))
      .thenRefused('registration/too-many-mails');
    given(...registered, ...five).when(mail('mail', reset)).thenFacts(mailed('mail', reset));
  });
  it('needs somebody registered', () => given().when(mail()).thenRefused('registration/unknown'));
  it('needs a time to go by', () =>
    given(...registered).when(mail('mail', { purpose: 'deletion', at: 'today' }))
      .thenRefused('registration/invalid-time'));
});

describe('confirming a registration', () => {
  it('enrols the card agent', () => given(applied).when(confirm).thenFacts(...confirmed));
  it('says nothing when confirmed before', () => given(...registered).when(confirm).thenNothing());
  it('is possible up to the deadline itself', () => {
    given(applied).when({ ...confirm, at: afterwards }).thenRefused('registration/deadline-passed');
    given(applied).when({ ...confirm, at: deadline }).thenFacts(
      { type: 'RegistrationConfirmed', data: { registrationId, confirmedAt: deadline } },
      { type: 'AgentEnrolled', data: {
        registrationId, agentId: 'agent-1', keyId: 'key-1', through: 'confirmation', enrolledAt: deadline,
      } });
  });
  it('needs an application', () => {
    given().when(confirm).thenRefused('registration/unknown');
    given(applied, lapsed).when(confirm).thenRefused('registration/unknown');
  });
});

describe('an application that was never confirmed', () => {
  const lapse = { type: 'LapseRegistration', ...named, reason: 'deadline-passed' } as const;
  it('lapses', () => given(applied).when(lapse).thenFacts(lapsed));
  it('lapses once', () => given(applied, lapsed).when(lapse).thenNothing());
  it('is the only thing that lapses', () =>
    given(...registered).when(lapse).thenRefused('registration/unknown'));
});

describe('deleting a registration', () => {
  const remove = { type: 'DeleteRegistration', ...named } as const;
  it('is recorded', () => given(...registered).when(remove).thenFacts(deleted));
  it('is recorded before the confirmation too', () => given(applied).when(remove).thenFacts(deleted));
  it('says nothing when deleted before', () => given(...registered, deleted).when(remove).thenNothing());
  it('is refused where there is none', () => given().when(remove).thenRefused('registration/unknown'));
});

describe('a change of a registration', () => {
  const changing = { ...named, changeId: 'change-1' };
  const data = { registrationId, changeId: 'change-1' };
  const changes: readonly [RegistrationCommand, RegistrationFact][] = [
    [{ type: 'ChangePassword', ...changing, policyVersion: 1 },
      { type: 'PasswordChanged', data: { ...data, policyVersion: 1, changedAt: at } }],
    [{ type: 'ResetPassword', ...changing, policyVersion: 1 },
      { type: 'PasswordReset', data: { ...data, policyVersion: 1, resetAt: at } }],
    [{ type: 'RequestNewEmail', ...changing, email: 'new@example.org' },
      { type: 'EmailChangeRequested', data: {
        ...data, email: { plain: 'new@example.org' }, requestedAt: at,
      } }],
    [{ type: 'ChangeMobile', ...changing, mobile: '0987654321' },
      { type: 'MobileChanged', data: { ...data, mobile: { plain: '0987654321' }, changedAt: at } }],
    [{ type: 'EnrolAgent', ...named, agentId: 'agent-2', keyId: 'key-2', through: 'new-device' },
      { type: 'AgentEnrolled', data: {
        registrationId, agentId: 'agent-2', keyId: 'key-2', through: 'new-device', enrolledAt: at,
      } }],
    [{ type: 'RevokeAgent', ...named, agentId: 'agent-1' },
      { type: 'AgentRevoked', data: { registrationId, agentId: 'agent-1', revokedAt: at } }],
  ];

  it.each(changes)('is recorded: $type', (command, fact) =>
    given(...registered).when(command).thenFacts(fact));
  it.each(changes)('needs the confirmation first: $type', (command) =>
    given(applied).when(command).thenRefused('registration/not-confirmed'));
  it.each(changes)('needs somebody registered: $type', (command) => {
    given().when(command).thenRefused('registration/unknown');
    given(...registered, deleted).when(command).thenRefused('registration/unknown');
  });

  it('of an agent nobody enrolled is refused', () =>
    given(...registered).when({ type: 'RevokeAgent', ...named, agentId: 'agent-9' })
      .thenRefused('registration/unknown-agent'));

  it('enrols a key again that was revoked, as another agent', () => {
    const [command, fact] = changes[4] ?? [];
    const [, revoked] = changes[5] ?? [];
    if (!command || !fact || !revoked) throw new Error('the table above was reordered');
    const again = { ...command, agentId: 'agent-2', keyId: 'key-1' } as RegistrationCommand;
    given(...registered).when(again).thenNothing();
    given(...registered, revoked).when(again)
      .thenFacts({ ...fact, data: { ...fact.data, keyId: 'key-1' } } as RegistrationFact);
  });
});

describe('a new e-mail address', () => {
  const confirmNew = { type: 'ConfirmNewEmail', ...named, changeId: 'change-1' } as const;
  const requested = (changeId: string): RegistrationFact => ({ type: 'EmailChangeRequested', data: {
    registrationId, changeId, email: { plain: 'new@example.org' }, requestedAt: at,
  } });
  const changed: RegistrationFact =
    { type: 'EmailChanged', data: { registrationId, changeId: 'change-1', changedAt: at } };
  it('counts once confirmed', () =>
    given(...registered, requested('change-1')).when(confirmNew).thenFacts(changed));
  it('is confirmed once', () =>
    given(...registered, requested('change-1'), changed).when(confirmNew).thenNothing());
  it('that was asked for before another one is void', () =>
    given(...registered, requested('change-1'), requested('change-2')).when(confirmNew)
      .thenRefused('registration/no-new-email'));
  it('nobody asked for is refused', () =>
    given(...registered).when(confirmNew).thenRefused('registration/no-new-email'));
});
