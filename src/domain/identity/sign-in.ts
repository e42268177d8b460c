import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { instantAfter } from '../instants.js';
import type { PasswordPurpose, SignInFact } from './sign-in.events.js';

/**
 * One stream per registration and enrolled card agent, and one for all agents that are not enrolled: whoever
 * guesses from a machine of their own uses up the strangers' tries, never those of the owner's machine.
 */
export const wrongPasswordsAllowed = 3;
export const suspensionMs = 10 * 60_000;
export const suspensionsAllowed = 3;
/** A guess whose process died never ends. Longer than any request lives, it is no longer under way. */
const underWayMs = 2 * 60_000;

export interface TryPassword {
  readonly type: 'TryPassword';
  readonly registrationId: string;
  readonly personId: string;
  readonly agentId: string | null;
  readonly attemptId: string;
  readonly purpose: PasswordPurpose;
  readonly at: string;
}
interface Ended { readonly registrationId: string; readonly attemptId: string; readonly at: string }
export interface AcceptPassword extends Ended { readonly type: 'AcceptPassword' }
export interface RefusePassword extends Ended { readonly type: 'RefusePassword' }
export type SignInCommand = TryPassword | AcceptPassword | RefusePassword;

export const signInRefusals = [
  'sign-in/suspended', 'sign-in/revoked', 'sign-in/unknown-attempt', 'sign-in/invalid-time',
] as const;
export type SignInRefusal = (typeof signInRefusals)[number];
export type SignInDecision = Decision<SignInFact, SignInRefusal>;

interface Try { readonly attemptId: string; readonly at: string }
export interface SignInState {
  readonly underWay: readonly Try[];
  readonly ended: readonly string[];
  readonly wrong: number;
  readonly suspensions: number;
  readonly suspendedUntil: string | null;
  readonly isRevoked: boolean;
}
const initial: SignInState = {
  underWay: [], ended: [], wrong: 0, suspensions: 0, suspendedUntil: null, isRevoked: false,
};

export function evolve(state: SignInState, fact: SignInFact): SignInState {
  const { attemptId } = fact.data;
  switch (fact.type) {
    case 'PasswordTried':
      return { ...state, underWay: [...state.underWay, { attemptId, at: fact.data.triedAt }] };
    // The first counter only: suspensions stay counted.
    case 'PasswordAccepted': return { ...ended(state, attemptId), wrong: 0 };
    case 'PasswordRefused': return { ...ended(state, attemptId), wrong: state.wrong + 1 };
    case 'SignInSuspended':
      return { ...state, wrong: 0, suspensions: fact.data.suspension, suspendedUntil: fact.data.until };
    case 'SignInRevoked': return { ...state, wrong: 0, isRevoked: true };
  }
}

/** Only the last few can still be told again. */
const remembered = 16;
const ended = (state: SignInState, attemptId: string): SignInState => ({
  ...state,
  underWay: state.underWay.filter((one) => one.attemptId !== attemptId),
  ended: [...state.ended, attemptId].slice(-remembered),
});

export function decide(command: SignInCommand, state: SignInState): SignInDecision {
  switch (command.type) {
    case 'TryPassword': return tryPassword(command, state);
    case 'AcceptPassword': return accept(command, state);
    case 'RefusePassword': return refusePassword(command, state);
  }
}

export const signInDecider: Decider<SignInCommand, SignInState, SignInFact, SignInRefusal> =
  { initial, evolve, decide };

function tryPassword(command: TryPassword, state: SignInState): SignInDecision {
  const { registrationId, personId, agentId, attemptId, purpose, at } = command;
  if (isKnown(state, attemptId)) return [];
  if (state.isRevoked) return refuse('sign-in/revoked');
  if (state.suspendedUntil !== null && at < state.suspendedUntil) return refuse('sign-in/suspended');
  const since = instantAfter(at, -underWayMs);
  if (since === null) return refuse('sign-in/invalid-time');
  const underWay = state.underWay.filter((one) => one.at > since).length;
  if (state.wrong + underWay >= wrongPasswordsAllowed) return refuse('sign-in/suspended');
  const from = agentId === null ? {} : { agentId };
  const tried = { registrationId, attemptId, personId, ...from, purpose, triedAt: at };
  return [{ type: 'PasswordTried', data: tried }];
}

const isKnown = ({ underWay, ended: past }: SignInState, attemptId: string): boolean =>
  past.includes(attemptId) || underWay.some((one) => one.attemptId === attemptId);

function accept({ registrationId, attemptId, at }: AcceptPassword, state: SignInState): SignInDecision {
  if (state.ended.includes(attemptId)) return [];
  if (!isKnown(state, attemptId)) return refuse('sign-in/unknown-attempt');
  return [{ type: 'PasswordAccepted', data: { registrationId, attemptId, acceptedAt: at } }];
}

function refusePassword(command: RefusePassword, state: SignInState): SignInDecision {
  const { registrationId, attemptId, at } = command;
  if (state.ended.includes(attemptId)) return [];
  if (!isKnown(state, attemptId)) return refuse('sign-in/unknown-attempt');
  const until = instantAfter(at, suspensionMs);
  if (until === null) return refuse('sign-in/invalid-time');
  const data = { registrationId, attemptId, refusedAt: at };
  const refused: SignInFact = { type: 'PasswordRefused', data };
  if (state.wrong + 1 < wrongPasswordsAllowed || state.isRevoked) return [refused];
  const suspension = state.suspensions + 1;
  const suspended = { registrationId, attemptId, suspension, until, suspendedAt: at };
  if (suspension < suspensionsAllowed) return [refused, { type: 'SignInSuspended', data: suspended }];
  return [refused, { type: 'SignInRevoked', data: { registrationId, attemptId, revokedAt: at } }];
}
