import type { MailPurpose } from '../../domain/identity/registration.events.js';
import type { RegistrationRefusal } from '../../domain/identity/registration.js';
import { instantAfter } from '../../domain/instants.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { contactOf } from './registration-contact.js';
import type { FoundTicket, IdentityStores } from './identity-stores.js';
import type { CardRegistration } from './registrations.js';
import { record, registrationOf, stepId, stepOf } from './registrations.js';
import type { VerifiedCard } from './verified-card.js';

/** Long enough to find a mail, short enough that a forgotten one in a mailbox opens nothing. */
const ticketMs = 30 * 60_000;

interface Asked {
  readonly registrationId: string;
  readonly purpose: MailPurpose;
  /** Left out: half an hour from now. */
  readonly validUntil?: string;
  /** Left out: the registration's confirmed address. */
  readonly to?: string;
  readonly changeId?: string;
}

/** Records that a ticket goes out, makes it, voids the one before it, and posts it. */
export async function mailTicket(
  stores: IdentityStores, context: CommandContext, asked: Asked,
): Promise<Outcome<RegistrationRefusal>> {
  const { registrationId, purpose, changeId } = asked;
  const { at } = context;
  const mailId = stepId(context, `mail ${purpose}`);
  const command = { type: 'MailTicket', registrationId, mailId, purpose, at } as const;
  const outcome = await record(stores.log, command, stepOf(context, `mail ${purpose}`));
  if (outcome.outcome !== 'done') return outcome;
  const to = asked.to ?? (await contactOf(stores, registrationId))?.email ?? null;
  if (to === null) return outcome;
  const validUntil = asked.validUntil ?? instantAfter(at, ticketMs) ?? at;
  const ticket = await stores.tickets.issue({ registrationId, purpose, validUntil, changeId });
  if (ticket !== null) stores.mails.post({ to, purpose, ticket, validUntil });
  return outcome;
}

export type TicketRefusal = 'ticket/unknown' | 'ticket/expired' | 'registration/wrong-card';
export interface Presented { readonly ticket: string; readonly purpose: MailPurpose; readonly at: string }

/**
 * Ticket and card together, of the same registration. A ticket with a wrong card is not used up: its owner
 * may have two cards in the drawer.
 */
export async function takeTicket(
  stores: IdentityStores, presented: Presented, card: VerifiedCard,
): Promise<TicketAndCard | { refused: TicketRefusal }> {
  const found = await findTicket(stores, presented, card);
  if ('refused' in found) return found;
  const isTaken = await stores.tickets.use(presented.ticket, presented.purpose);
  return isTaken ? found : { refused: 'ticket/unknown' };
}

export type TicketAndCard = CardRegistration & { readonly ticket: FoundTicket };

/** The same, and the ticket stays what it is. */
export async function findTicket(
  stores: IdentityStores, { ticket, purpose, at }: Presented, card: VerifiedCard,
): Promise<TicketAndCard | { refused: TicketRefusal }> {
  const found = await stores.tickets.find(ticket, purpose);
  if (found === null) return { refused: 'ticket/unknown' };
  const registration = await registrationOf(stores, card);
  if (registration?.registrationId !== found.registrationId) return { refused: 'registration/wrong-card' };
  if (at > found.validUntil) return { refused: 'ticket/expired' };
  return { ...registration, ticket: found };
}
