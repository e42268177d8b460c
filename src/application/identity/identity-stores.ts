import type { MailPurpose } from '../../domain/identity/registration.events.js';
import type { EventLog } from '../event-log.js';
import type { PersonalKeys } from '../personal-keys.js';

/** What ties an ID number to somebody's random ids: keyed hashes in a table, and nowhere else. */
export interface Person {
  readonly personId: string;
  readonly applicantId: string;
  /** The latest one; whether it is still one is for its own facts to say. */
  readonly registrationId: string | null;
  holdsCard(cardNumber: string): boolean;
}
export interface Claim {
  readonly registrationId: string;
  readonly cardNumber: string;
  /** The one it takes the place of. */
  readonly replaces: string | null;
  readonly deadline: string;
}
export interface People {
  find(idNumber: string): Promise<Person | null>;
  /** Known already, or made now. */
  obtain(idNumber: string): Promise<Person>;
  /** False when another registration was claimed in between. */
  claim(personId: string, claim: Claim): Promise<boolean>;
  /** Nothing is left to be done about it. */
  settled(registrationId: string): Promise<void>;
  /** To be looked at again after this moment, in case what is begun now is cut off. */
  due(registrationId: string, at: string): Promise<void>;
  /** Applications nobody confirmed in time, and whatever else was not brought to its end. */
  overdue(at: string, limit: number): Promise<readonly Overdue[]>;
  /** Unless another registration was claimed in between. */
  forget(whose: Overdue): Promise<void>;
}
export interface Overdue {
  readonly personId: string; readonly applicantId: string; readonly registrationId: string;
}

/** A card agent that the registration has enrolled, or any other. */
export type TriedFrom = 'enrolled' | 'elsewhere';
export interface PasswordsInTurn {
  set(registrationId: string, password: string): Promise<void>;
  /**
   * Since when it is the right one; null where it is not. `null` takes the same work and is never right. From
   * elsewhere one after the other, with rests.
   */
  rightSince(registrationId: string | null, password: string, from: TriedFrom): Promise<string | null>;
  /** Too many from elsewhere wait already. */
  isBusyElsewhere(): boolean;
}
export interface Passwords {
  /** No turn is to be had at this moment. */
  readonly isBusy: boolean;
  /** Each hash takes much memory and time, so only a few at once; null when too many wait already. */
  inTurn<T>(work: (passwords: PasswordsInTurn) => Promise<T>): Promise<T | null>;
  /** Whether no other was set in the meantime. */
  isStillSince(registrationId: string, since: string): Promise<boolean>;
  remove(registrationId: string): Promise<void>;
}

/** Of a registration; or of a company that invites a delegate, who is nobody here yet. */
export type TicketPurpose = MailPurpose | 'delegation-offer';

export interface TicketFor {
  /** Or the offer. */
  readonly registrationId: string;
  readonly purpose: TicketPurpose;
  readonly validUntil: string;
  /** The change it confirms; of an offer the company. */
  readonly changeId?: string;
}
export interface FoundTicket {
  readonly registrationId: string;
  readonly changeId: string | null;
  readonly validUntil: string;
}
/** Words that were mailed to somebody, each good for one thing, once. Only their hashes are kept. */
export interface Tickets {
  /**
   * Any earlier one of the same registration and purpose is void from now on. Null where the one of this very
   * change is out already: whoever repeats a request does not mail again.
   */
  issue(ticket: TicketFor): Promise<string | null>;
  find(ticket: string, purpose: TicketPurpose): Promise<FoundTicket | null>;
  /** False when it was used before. */
  use(ticket: string, purpose: TicketPurpose): Promise<boolean>;
  removeAll(registrationId: string): Promise<void>;
  /** Whose tickets of that purpose nobody used in time, those that lapsed first before the others. */
  overdue(purpose: TicketPurpose, at: string, limit: number): Promise<readonly string[]>;
}

export interface TicketMail {
  readonly to: string;
  readonly purpose: TicketPurpose;
  readonly ticket: string;
  readonly validUntil: string;
}
export interface Mails {
  /** Goes out after the answer, so that nobody can tell from its time whether there was one. */
  post(mail: TicketMail): void;
}

export interface HouseholdAnswer { readonly matches: boolean; readonly asOf: string }
export interface Household {
  readonly idNumber: string;
  /** 戶號 of the 戶口名簿. */
  readonly householdNumber: string;
  /** 戶籍地址, down to the 鄰. */
  readonly address: string;
}
/** The household registration of the ministry of the interior. Null when it cannot be asked. */
export interface HouseholdRegistry {
  check(household: Household): Promise<HouseholdAnswer | null>;
}

export interface Sessions {
  endAllOf(registrationId: string, except?: string): Promise<void>;
  endAllFrom(agentId: string): Promise<void>;
  /** Whatever they were begun with: a certificate's session knows of no registration. */
  endAllOfPerson(personId: string): Promise<void>;
}

export interface PendingApplication { readonly accountId: string; readonly applicantId: string }
/** Accounts under review, as a table shows them: it proposes, the log decides. */
export interface PendingApplications {
  of(applicantId: string): Promise<readonly PendingApplication[]>;
  /** Whose applicants are erased. */
  ofErased(limit: number): Promise<readonly PendingApplication[]>;
}

/** Everything the identity's use cases need of the outside. */
export interface IdentityStores {
  readonly log: EventLog;
  readonly keys: PersonalKeys;
  readonly people: People;
  readonly passwords: Passwords;
  readonly tickets: Tickets;
  readonly mails: Mails;
  readonly households: HouseholdRegistry;
  readonly sessions: Sessions;
  readonly applications: PendingApplications;
}
export const IDENTITY_STORES = Symbol('IdentityStores');
