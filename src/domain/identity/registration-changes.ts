import type { Decision } from '../decider.js';
import { refuse } from '../decider.js';
import type { Enrolment, RegistrationFact } from './registration.events.js';
import type { Confirmed, RegistrationState } from './registration-state.js';
import { agentWith } from './registration-state.js';

interface Named { readonly registrationId: string; readonly at: string }
interface Changing extends Named { readonly changeId: string }

export interface EnrolAgent extends Named {
  readonly type: 'EnrolAgent'; readonly agentId: string; readonly keyId: string;
  readonly through: Exclude<Enrolment, 'confirmation'>;
}
export interface RevokeAgent extends Named { readonly type: 'RevokeAgent'; readonly agentId: string }
export interface ChangePassword extends Changing {
  readonly type: 'ChangePassword'; readonly policyVersion: number;
}
export interface ResetPassword extends Changing {
  readonly type: 'ResetPassword'; readonly policyVersion: number;
}
export interface RequestNewEmail extends Changing { readonly type: 'RequestNewEmail'; readonly email: string }
export interface ConfirmNewEmail extends Changing { readonly type: 'ConfirmNewEmail' }
export interface ChangeMobile extends Changing { readonly type: 'ChangeMobile'; readonly mobile: string }
export type RegistrationChange =
  | EnrolAgent | RevokeAgent | ChangePassword | ResetPassword | RequestNewEmail | ConfirmNewEmail
  | ChangeMobile;

type ChangeRefusal =
  | 'registration/unknown' | 'registration/not-confirmed' | 'registration/unknown-agent'
  | 'registration/no-new-email';
type ChangeDecision = Decision<RegistrationFact, ChangeRefusal>;

/** Everything a confirmed registration can be asked to change. */
export function decideChange(command: RegistrationChange, state: RegistrationState): ChangeDecision {
  if (state.status === 'applied') return refuse('registration/not-confirmed');
  if (state.status !== 'confirmed') return refuse('registration/unknown');
  if (isDone(command, state)) return [];
  switch (command.type) {
    case 'EnrolAgent': return enrol(command, state);
    case 'RevokeAgent': return revoke(command, state);
    case 'ChangePassword': {
      const { registrationId, changeId, policyVersion, at: changedAt } = command;
      return [{ type: 'PasswordChanged', data: { registrationId, changeId, policyVersion, changedAt } }];
    }
    case 'ResetPassword': {
      const { registrationId, changeId, policyVersion, at: resetAt } = command;
      return [{ type: 'PasswordReset', data: { registrationId, changeId, policyVersion, resetAt } }];
    }
    case 'RequestNewEmail': {
      const { registrationId, changeId, email, at: requestedAt } = command;
      const requested = { registrationId, changeId, email: { plain: email }, requestedAt };
      return [{ type: 'EmailChangeRequested', data: requested }];
    }
    case 'ConfirmNewEmail': return confirmNewEmail(command, state);
    case 'ChangeMobile': {
      const { registrationId, changeId, mobile, at: changedAt } = command;
      const changed = { registrationId, changeId, mobile: { plain: mobile }, changedAt };
      return [{ type: 'MobileChanged', data: changed }];
    }
  }
}

/** An e-mail is asked for and confirmed under the same id: only the asking is told by it. */
const isDone = (command: RegistrationChange, state: Confirmed): boolean =>
  'changeId' in command && command.type !== 'ConfirmNewEmail' && state.changes.includes(command.changeId);

/** A key that was revoked may be enrolled again: its owner has shown anew that it is theirs. */
function enrol(command: EnrolAgent, state: Confirmed): ChangeDecision {
  const { registrationId, agentId, keyId, through, at } = command;
  if (agentWith(keyId, state)) return [];
  return [{ type: 'AgentEnrolled', data: { registrationId, agentId, keyId, through, enrolledAt: at } }];
}

function revoke({ registrationId, agentId, at }: RevokeAgent, state: Confirmed): ChangeDecision {
  const agent = state.agents.find((one) => one.agentId === agentId);
  if (!agent) return refuse('registration/unknown-agent');
  if (agent.isRevoked) return [];
  return [{ type: 'AgentRevoked', data: { registrationId, agentId, revokedAt: at } }];
}

function confirmNewEmail(command: ConfirmNewEmail, state: Confirmed): ChangeDecision {
  const { registrationId, changeId, at } = command;
  if (state.newEmail === changeId) {
    return [{ type: 'EmailChanged', data: { registrationId, changeId, changedAt: at } }];
  }
  // Confirmed before: the same again. Never asked for, or asked for something else since: no.
  const isConfirmed = state.newEmail === null && state.changes.includes(changeId);
  return isConfirmed ? [] : refuse('registration/no-new-email');
}
