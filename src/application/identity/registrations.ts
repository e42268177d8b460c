import type { RegistrationCommand, RegistrationRefusal } from '../../domain/identity/registration.js';
import { registrationDecider } from '../../domain/identity/registration.js';
import type { RegistrationState } from '../../domain/identity/registration-state.js';
import type { CommandContext } from '../command-context.js';
import { appendMeta } from '../command-context.js';
import type { AppendMeta, EventLog } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import { registrationStream } from '../stream-names.js';
import type { IdentityStores, Person } from './identity-stores.js';
import type { VerifiedCard } from './verified-card.js';

/** A command that writes more than once gives each write an id of its own, the same at every repetition. */
export const stepOf = (context: CommandContext, step: string): AppendMeta =>
  ({ ...appendMeta(context), commandId: stepId(context, step) });
export const stepId = ({ commandId }: CommandContext, step: string): string =>
  nameBasedUuid(namespaceOf(commandId), step);

export async function registrationState(log: EventLog, registrationId: string): Promise<RegistrationState> {
  return (await load(log, registrationDecider, registrationStream(registrationId))).state;
}

/** Decides about one registration and records what follows. */
export const record = (
  log: EventLog, command: RegistrationCommand, meta: AppendMeta,
): Promise<Outcome<RegistrationRefusal>> =>
  handle(log, registrationDecider, registrationStream(command.registrationId), { command, meta });

export interface CardRegistration {
  readonly person: Person;
  readonly registrationId: string;
  readonly state: RegistrationState;
}

/** The registration of exactly this card: of the same person with another card, none. */
export async function registrationOf(
  { log, people }: IdentityStores, card: VerifiedCard,
): Promise<CardRegistration | null> {
  const person = await people.find(card.idNumber);
  if (!person?.registrationId || !person.holdsCard(card.cardNumber)) return null;
  const { registrationId } = person;
  return { person, registrationId, state: await registrationState(log, registrationId) };
}

interface SignedInWith {
  readonly registrationId: string; readonly agentId: string; readonly passwordSince: string;
}

/**
 * Whether what somebody signed in with still counts: while one password is compared, the machine may be
 * revoked and another password set.
 */
export async function stillCounts(
  { log, passwords }: Pick<IdentityStores, 'log' | 'passwords'>,
  { registrationId, agentId, passwordSince }: SignedInWith,
): Promise<boolean> {
  const state = await registrationState(log, registrationId);
  return state.status === 'confirmed'
    && state.agents.some((agent) => agent.agentId === agentId && !agent.isRevoked)
    && passwords.isStillSince(registrationId, passwordSince);
}

export const isDone = (outcome: Outcome): boolean => outcome.outcome === 'done';
