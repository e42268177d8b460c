import type { PasswordPurpose } from '../../domain/identity/sign-in.events.js';
import type { SignInCommand, SignInRefusal } from '../../domain/identity/sign-in.js';
import { signInDecider } from '../../domain/identity/sign-in.js';
import type { RegistrationState } from '../../domain/identity/registration-state.js';
import { agentWith } from '../../domain/identity/registration-state.js';
import type { CommandContext } from '../command-context.js';
import type { Position } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { signInStream } from '../stream-names.js';
import type { IdentityStores, PasswordsInTurn } from './identity-stores.js';
import type { CardRegistration } from './registrations.js';
import { registrationOf, stepId, stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

export interface PasswordAsked {
  readonly card: VerifiedCard;
  readonly password: string;
  readonly purpose: PasswordPurpose;
}
/** `sign-in/failed`: not registered or confirmed, another card, a wrong password. Nobody is told which. */
export type TryRefusal = SignInRefusal | 'sign-in/failed' | 'sign-in/busy';
export type Tried =
  | { readonly outcome: 'accepted'; readonly registration: CardRegistration; readonly agentId: string | null;
    /** Since when the password is this one. */
    readonly since: string; readonly position: Position | null }
  | Exclude<Outcome<TryRefusal>, { outcome: 'done' }>;

const failed: Tried = { outcome: 'refused', code: 'sign-in/failed' };

/** The only way a password is ever compared: counted before, told after, a few at once. */
export async function tryPassword(
  stores: IdentityStores, context: CommandContext, asked: PasswordAsked,
): Promise<Tried> {
  const tried = await stores.passwords.inTurn((passwords) => tryInTurn(stores, context, asked, passwords));
  return tried ?? { outcome: 'refused', code: 'sign-in/busy' };
}

async function tryInTurn(
  stores: IdentityStores, context: CommandContext, asked: PasswordAsked, passwords: PasswordsInTurn,
): Promise<Tried> {
  const { card, password, purpose } = asked;
  const registration = await registrationOf(stores, card);
  const agentId = enrolledAgent(registration, card);
  const from = agentId === null ? 'elsewhere' : 'enrolled';
  // Before anything is counted; who is registered is told this no sooner than who is not.
  if (agentId === null && passwords.isBusyElsewhere()) return { outcome: 'refused', code: 'sign-in/busy' };
  if (registration === null || !isOpenTo(purpose, registration.state)) {
    await passwords.rightSince(null, password, from);
    return failed;
  }
  const { registrationId, person: { personId } } = registration;
  const attempt = { registrationId, attemptId: stepId(context, 'try'), at: context.at };
  const tell = (command: SignInCommand, step: string): Promise<Outcome<SignInRefusal>> =>
    handle(stores.log, signInDecider, signInStream(registrationId, agentId), {
      command, meta: stepOf(context, step),
    });
  const begun = await tell({ type: 'TryPassword', ...attempt, personId, agentId, purpose }, 'try');
  if (begun.outcome !== 'done') {
    if (agentId !== null || begun.outcome === 'unknown') return begun;
    // From elsewhere nobody is to learn that this card is registered and being guessed at.
    await passwords.rightSince(null, password, from);
    return failed;
  }
  const since = await passwords.rightSince(registrationId, password, from);
  const ended = await tell({ type: since === null ? 'RefusePassword' : 'AcceptPassword', ...attempt }, 'end');
  if (ended.outcome !== 'done') return ended;
  if (since === null) return failed;
  return { outcome: 'accepted', registration, agentId, since, position: ended.position };
}

function enrolledAgent(registration: CardRegistration | null, card: VerifiedCard): string | null {
  if (registration?.state.status !== 'confirmed') return null;
  return agentWith(card.agent.keyId, registration.state)?.agentId ?? null;
}

/** A deletion that was cut off is asked for again, by whoever still has the password. */
const isOpenTo = (purpose: PasswordPurpose, { status }: RegistrationState): boolean =>
  status === 'confirmed' || status === 'deleted' && purpose === 'deletion';
