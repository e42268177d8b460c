import type { RegistrationFact } from '../../domain/identity/registration.events.js';
import type { Personal } from '../../domain/decider.js';
import type { StoredFact } from '../event-log.js';
import type { SealedField } from '../personal-keys.js';
import { registrationStream } from '../stream-names.js';
import type { IdentityStores } from './identity-stores.js';

export interface Contact {
  readonly email: string | null;
  readonly mobile: string | null;
  readonly newEmail: string | null;
}
interface SealedContact {
  email?: SealedField;
  mobile?: SealedField;
  newEmail?: SealedField;
}

/** As the owner last confirmed it; null where there is no registration, tombstones read as nothing. */
export async function contactOf(
  { log, keys }: Pick<IdentityStores, 'log' | 'keys'>, registrationId: string,
): Promise<Contact | null> {
  const sealed: SealedContact = {};
  for await (const fact of log.readStream(registrationStream(registrationId))) {
    note(sealed, fact as StoredFact<RegistrationFact>);
  }
  const { email, mobile, newEmail } = sealed;
  if (!email || !mobile) return null;
  const opened = await keys.unsealAll([email, mobile, ...(newEmail ? [newEmail] : [])]);
  const [shownEmail = null, shownMobile = null, shownNew = null] =
    opened.map((one) => ('plain' in one ? one.plain : null));
  return { email: shownEmail, mobile: shownMobile, newEmail: shownNew };
}

function note(contact: SealedContact, fact: StoredFact<RegistrationFact>): void {
  switch (fact.type) {
    case 'RegistrationApplied':
      contact.email = sealedIn(fact, fact.data.email, 'email');
      contact.mobile = sealedIn(fact, fact.data.mobile, 'mobile');
      return;
    case 'EmailChangeRequested': contact.newEmail = sealedIn(fact, fact.data.email, 'email'); return;
    case 'EmailChanged':
      contact.email = contact.newEmail;
      contact.newEmail = undefined;
      return;
    case 'MobileChanged': contact.mobile = sealedIn(fact, fact.data.mobile, 'mobile'); return;
    case 'TicketMailed': case 'RegistrationConfirmed': case 'RegistrationLapsed': case 'AgentEnrolled':
    case 'AgentRevoked': case 'PasswordChanged': case 'PasswordReset': case 'RegistrationDeleted': return;
  }
}

function sealedIn(
  { stream, id: eventId }: StoredFact<RegistrationFact>, personal: Personal, field: string,
): SealedField {
  if ('plain' in personal) throw new Error('a personal field came out of the log in clear');
  return { token: personal.sealed, at: { stream, eventId, field } };
}
