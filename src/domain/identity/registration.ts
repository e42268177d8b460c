import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { instantAfter } from '../instants.js';
import { decideChange } from './registration-changes.js';
import type { RegistrationChange } from './registration-changes.js';
import type {
  LapseReason, MailPurpose, RegistrationFact,
} from './registration.events.js';
import type { Applied, RegistrationState } from './registration-state.js';
import { evolve, none } from './registration-state.js';

/** Anchored to the application: sending the mail again does not extend it. */
export const confirmWithinMs = 5 * 86_400_000;
/** Of one purpose in 24 hours: a mailbox is not to be flooded by whoever once read a card. */
export const mailsPerDay = 5;
const dayMs = 86_400_000;

export interface ApplyForRegistration {
  readonly type: 'ApplyForRegistration';
  readonly registrationId: string;
  readonly personId: string;
  readonly cardNumber: string;
  readonly idNumber: string;
  readonly name: string;
  readonly email: string;
  readonly mobile: string;
  readonly householdCheckedAsOf: string;
  readonly noticeVersion: string;
  readonly at: string;
}
interface Named { readonly registrationId: string; readonly at: string }
export interface MailTicket extends Named {
  readonly type: 'MailTicket'; readonly mailId: string; readonly purpose: MailPurpose;
}
export interface ConfirmRegistration extends Named {
  readonly type: 'ConfirmRegistration'; readonly agentId: string; readonly keyId: string;
}
export interface LapseRegistration extends Named {
  readonly type: 'LapseRegistration'; readonly reason: LapseReason;
}
export interface DeleteRegistration extends Named { readonly type: 'DeleteRegistration' }
export type RegistrationCommand =
  | ApplyForRegistration | MailTicket | ConfirmRegistration | LapseRegistration | DeleteRegistration
  | RegistrationChange;

export const registrationRefusals = [
  'registration/unknown', 'registration/already-registered', 'registration/invalid-time',
  'registration/deadline-passed', 'registration/not-confirmed', 'registration/too-many-mails',
  'registration/unknown-agent', 'registration/no-new-email',
] as const;
export type RegistrationRefusal = (typeof registrationRefusals)[number];
export type RegistrationDecision = Decision<RegistrationFact, RegistrationRefusal>;

export function decide(command: RegistrationCommand, state: RegistrationState): RegistrationDecision {
  switch (command.type) {
    case 'ApplyForRegistration': return apply(command, state);
    case 'MailTicket': return mailTicket(command, state);
    case 'ConfirmRegistration': return confirm(command, state);
    case 'LapseRegistration': return lapse(command, state);
    case 'DeleteRegistration': return remove(command, state);
    case 'EnrolAgent': case 'RevokeAgent': case 'ChangePassword': case 'ResetPassword':
    case 'RequestNewEmail': case 'ConfirmNewEmail': case 'ChangeMobile':
      return decideChange(command, state);
  }
}

export const registrationDecider:
  Decider<RegistrationCommand, RegistrationState, RegistrationFact, RegistrationRefusal> =
  { initial: none, evolve, decide };

/** Whether an application can still be confirmed: the deadline itself is the last moment. */
export const isOpen = ({ deadline }: Applied, at: string): boolean => at <= deadline;

function apply(command: ApplyForRegistration, state: RegistrationState): RegistrationDecision {
  if (state.status === 'applied') return [];
  if (state.status !== 'none') return refuse('registration/already-registered');
  const { registrationId, personId, householdCheckedAsOf, noticeVersion, at } = command;
  const deadline = instantAfter(at, confirmWithinMs);
  if (deadline === null) return refuse('registration/invalid-time');
  const { cardNumber, idNumber, name, email, mobile } = command;
  const personal = {
    cardNumber: { plain: cardNumber }, idNumber: { plain: idNumber }, name: { plain: name },
    email: { plain: email }, mobile: { plain: mobile },
  };
  return [{ type: 'RegistrationApplied', data: {
    registrationId, personId, ...personal, householdCheckedAsOf, noticeVersion, deadline, appliedAt: at,
  } }];
}

/** Which tickets make sense before the confirmation, and which only after it. */
function mailTicket(command: MailTicket, state: RegistrationState): RegistrationDecision {
  const { registrationId, mailId, purpose, at } = command;
  if (state.status !== 'applied' && state.status !== 'confirmed') return refuse('registration/unknown');
  if (state.mails.some((mail) => mail.mailId === mailId)) return [];
  if (state.status === 'applied' && !isOpen(state, at)) return refuse('registration/deadline-passed');
  if (state.status === 'applied' && purpose !== 'confirmation') return refuse('registration/not-confirmed');
  if (state.status === 'confirmed' && purpose === 'confirmation') {
    return refuse('registration/already-registered');
  }
  const since = instantAfter(at, -dayMs);
  if (since === null) return refuse('registration/invalid-time');
  const recent = state.mails.filter((mail) => mail.purpose === purpose && mail.at > since);
  // The mail that an application brings about by itself is none that was asked for again.
  const allowed = purpose === 'confirmation' ? mailsPerDay + 1 : mailsPerDay;
  if (recent.length >= allowed) return refuse('registration/too-many-mails');
  return [{ type: 'TicketMailed', data: { registrationId, mailId, purpose, mailedAt: at } }];
}

function confirm(command: ConfirmRegistration, state: RegistrationState): RegistrationDecision {
  if (state.status === 'confirmed') return [];
  if (state.status !== 'applied') return refuse('registration/unknown');
  if (!isOpen(state, command.at)) return refuse('registration/deadline-passed');
  const { registrationId, agentId, keyId, at } = command;
  const through = 'confirmation';
  return [
    { type: 'RegistrationConfirmed', data: { registrationId, confirmedAt: at } },
    { type: 'AgentEnrolled', data: { registrationId, agentId, keyId, through, enrolledAt: at } },
  ];
}

/** Only what was never confirmed lapses. */
function lapse(command: LapseRegistration, state: RegistrationState): RegistrationDecision {
  const { registrationId, reason, at } = command;
  if (state.status === 'lapsed') return [];
  if (state.status !== 'applied') return refuse('registration/unknown');
  return [{ type: 'RegistrationLapsed', data: { registrationId, reason, lapsedAt: at } }];
}

function remove(command: DeleteRegistration, state: RegistrationState): RegistrationDecision {
  const { registrationId, at } = command;
  if (state.status === 'deleted') return [];
  if (state.status !== 'applied' && state.status !== 'confirmed') return refuse('registration/unknown');
  return [{ type: 'RegistrationDeleted', data: { registrationId, deletedAt: at } }];
}
