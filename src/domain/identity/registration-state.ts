import type { MailPurpose, RegistrationFact } from './registration.events.js';

export interface SentMail { readonly mailId: string; readonly purpose: MailPurpose; readonly at: string }
export interface Agent { readonly agentId: string; readonly keyId: string; readonly isRevoked: boolean }

export interface Applied {
  readonly status: 'applied';
  readonly personId: string;
  readonly deadline: string;
  readonly mails: readonly SentMail[];
}
export interface Confirmed {
  readonly status: 'confirmed';
  readonly personId: string;
  readonly mails: readonly SentMail[];
  readonly agents: readonly Agent[];
  /** Of passwords, e-mail and mobile alike: the same change is told once. */
  readonly changes: readonly string[];
  /** The latest request; an earlier one is void with it. */
  readonly newEmail: string | null;
}
export type RegistrationState =
  | { readonly status: 'none' } | Applied | Confirmed
  | { readonly status: 'lapsed' } | { readonly status: 'deleted' };

export const none: RegistrationState = { status: 'none' };

export function evolve(state: RegistrationState, fact: RegistrationFact): RegistrationState {
  switch (fact.type) {
    case 'RegistrationApplied': {
      const { personId, deadline } = fact.data;
      return { status: 'applied', personId, deadline, mails: [] };
    }
    case 'RegistrationLapsed': return { status: 'lapsed' };
    case 'RegistrationDeleted': return { status: 'deleted' };
    case 'TicketMailed': return mailed(state, fact.data);
    case 'RegistrationConfirmed':
      if (state.status !== 'applied') return state;
      return {
        status: 'confirmed', personId: state.personId, mails: state.mails, agents: [], changes: [],
        newEmail: null,
      };
    case 'AgentEnrolled': case 'AgentRevoked': case 'PasswordChanged': case 'PasswordReset':
    case 'EmailChangeRequested': case 'EmailChanged': case 'MobileChanged':
      return state.status === 'confirmed' ? evolveConfirmed(state, fact) : state;
  }
}

type LaterFact = Exclude<RegistrationFact, { type:
  'RegistrationApplied' | 'RegistrationLapsed' | 'RegistrationDeleted' | 'TicketMailed'
  | 'RegistrationConfirmed' }>;

function evolveConfirmed(state: Confirmed, fact: LaterFact): Confirmed {
  switch (fact.type) {
    case 'AgentEnrolled': {
      const { agentId, keyId } = fact.data;
      return { ...state, agents: [...state.agents, { agentId, keyId, isRevoked: false }] };
    }
    case 'AgentRevoked': {
      const agents = state.agents.map((agent) =>
        (agent.agentId === fact.data.agentId ? { ...agent, isRevoked: true } : agent));
      return { ...state, agents };
    }
    case 'EmailChangeRequested': return { ...changed(state, fact.data), newEmail: fact.data.changeId };
    case 'EmailChanged': return { ...state, newEmail: null };
    case 'PasswordChanged': case 'PasswordReset': case 'MobileChanged': return changed(state, fact.data);
  }
}

const changed = (state: Confirmed, { changeId }: { readonly changeId: string }): Confirmed =>
  ({ ...state, changes: [...state.changes, changeId] });

interface Mailed { readonly mailId: string; readonly purpose: MailPurpose; readonly mailedAt: string }

function mailed(state: RegistrationState, { mailId, purpose, mailedAt }: Mailed): RegistrationState {
  if (state.status !== 'applied' && state.status !== 'confirmed') return state;
  return { ...state, mails: [...state.mails, { mailId, purpose, at: mailedAt }] };
}

/** The enrolled agent with this key, if it still counts. */
export const agentWith = (keyId: string, state: RegistrationState): Agent | undefined =>
  (state.status !== 'confirmed' ? undefined
    : state.agents.find((agent) => agent.keyId === keyId && !agent.isRevoked));
