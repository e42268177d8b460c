import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { LapseReason } from '../../domain/identity/registration.events.js';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import { instantAfter } from '../../domain/instants.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle, load } from '../handle.js';
import { applicantStream } from '../stream-names.js';
import type { IdentityStores, Overdue } from './identity-stores.js';
import { record, stepOf } from './registrations.js';
import { withdrawApplications } from './withdraw-of-erased.js';

type Whose = Overdue;

/** Longer than any request lives: whatever is not at its end by then was cut off. */
const cutOffMs = 2 * 60_000;

/**
 * Sessions first, then the fact, the keys, and what finds the person last: whatever is cut off in between is
 * finished by asking for the same again, or else by the sweeper.
 */
export async function deleteRegistration(
  stores: IdentityStores, context: CommandContext, whose: Whose,
): Promise<Outcome<RegistrationRefusal>> {
  const { at } = context;
  const { registrationId, applicantId, personId } = whose;
  await stores.people.due(registrationId, instantAfter(at, cutOffMs) ?? at);
  await stores.sessions.endAllOfPerson(personId);
  const outcome =
    await record(stores.log, { type: 'DeleteRegistration', registrationId, at }, stepOf(context, 'delete'));
  if (outcome.outcome !== 'done') return outcome;
  const erased = await handle(stores.log, applicantDecider, applicantStream(applicantId), {
    command: { type: 'EraseApplicant', applicantId, by: personId, at }, meta: stepOf(context, 'erase'),
  });
  // Who never signed in is no applicant yet: there is nothing to erase.
  if (erased.outcome === 'unknown') return erased;
  await stores.keys.destroy(applicantId);
  await forgetRegistration(stores, registrationId);
  const pending = await stores.applications.of(applicantId);
  await withdrawApplications(stores, { ...context, principal: { id: personId, roles: [] } }, pending);
  // Begun while the fact was on its way.
  await stores.sessions.endAllOfPerson(personId);
  await stores.people.forget(whose);
  return outcome;
}

/** An application nobody confirmed leaves nothing behind; the person stays known if they are an applicant. */
export async function lapseRegistration(
  stores: IdentityStores, context: CommandContext, whose: Whose, reason: LapseReason,
): Promise<Outcome<RegistrationRefusal>> {
  const { registrationId, applicantId } = whose;
  const outcome = await record(
    stores.log, { type: 'LapseRegistration', registrationId, reason, at: context.at },
    stepOf(context, `lapse ${registrationId}`));
  if (outcome.outcome !== 'done') return outcome;
  await forgetRegistration(stores, registrationId);
  const { state } = await load(stores.log, applicantDecider, applicantStream(applicantId));
  if (reason !== 'deadline-passed') return outcome;
  if (state.status === 'none') await stores.people.forget(whose);
  else await stores.people.settled(registrationId);
  return outcome;
}

async function forgetRegistration(stores: IdentityStores, registrationId: string): Promise<void> {
  await stores.keys.destroy(registrationId);
  await stores.passwords.remove(registrationId);
  await stores.tickets.removeAll(registrationId);
}

/** Claimed, but its application was never recorded: nothing is left of it but the claim. */
export async function dropClaim(stores: IdentityStores, whose: Whose): Promise<void> {
  const { registrationId, applicantId } = whose;
  await forgetRegistration(stores, registrationId);
  const { state } = await load(stores.log, applicantDecider, applicantStream(applicantId));
  if (state.status === 'none') await stores.people.forget(whose);
  else await stores.people.settled(registrationId);
}
