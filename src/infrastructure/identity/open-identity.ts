import { availableParallelism } from 'node:os';
import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { Counter } from 'prom-client';
import type { EventLog } from '../../application/event-log.js';
import type { IdentityStores } from '../../application/identity/identity-stores.js';
import { staffRolesOf } from '../../application/identity/staff-list.js';
import type { PersonalKeys } from '../../application/personal-keys.js';
import type { StaffRole } from '../../domain/identity/staff-list.events.js';
import type { ReadStore } from '../../projections/projection.js';
import type { CertificateVerifier, TrustOptions } from './certificates/certificate-verifier.js';
import { openCertificateVerifier } from './certificates/certificate-verifier.js';
import { ChallengeTable } from './challenge-table.js';
import { PersonDigests } from './digests.js';
import { DemoHouseholdRegistry, NoHouseholdRegistry } from './household-registries.js';
import { DemoMailbox, NoMailTransport, SmtpTransport } from './mail-transports.js';
import type { HashingCost } from './password-table.js';
import { PasswordTable, usualCost } from './password-table.js';
import { PeopleTable } from './people-table.js';
import { PostedMails } from './posted-mails.js';
import { QueuedApplications } from './queued-applications.js';
import { SessionTable } from './session-table.js';
import { TicketTable } from './ticket-table.js';

export interface IdentityOptions {
  /** As browsers write it. Null: whatever name of this machine a browser on it uses. */
  readonly publicOrigin: string | null;
  readonly smtpUrl?: string;
  readonly mailFrom: string;
  /** With a mailbox everybody may read, and a stand-in for the household registration. */
  readonly demo: boolean;
  readonly hashingCost?: HashingCost;
  /** Whose certificates let people in. Left out: nobody's. */
  readonly trust?: TrustOptions;
  /** Milliseconds; what every limit in time is judged by. */
  readonly now?: () => number;
}

/** Everything signing in is made of. */
export interface Identity {
  readonly stores: IdentityStores;
  readonly people: PeopleTable;
  readonly sessions: SessionTable;
  readonly challenges: ChallengeTable;
  readonly publicOrigin: string | null;
  readonly mailbox: DemoMailbox | null;
  readonly certificates: CertificateVerifier | null;
  readonly staffRoles: (memberId: string) => Promise<readonly StaffRole[]>;
  readonly signIns: Counter<'result'>;
  readonly now: () => number;
  close(): Promise<void>;
}

export interface IdentityWiring {
  readonly pool: Pool;
  readonly log: EventLog;
  readonly keys: PersonalKeys;
  readonly readStore: ReadStore;
  readonly logger: Logger;
  readonly signIns: Counter<'result'>;
  readonly derivedKey: (use: string) => Buffer;
}

/**
 * Twenty who sign in at the same time are all let in and answered within a second; more would only fill the
 * doors, of which these are two in three.
 */
const passwordTurns = 20;

export function openIdentity(wiring: IdentityWiring, options: IdentityOptions): Identity {
  const { pool, log, keys, readStore, logger, signIns, derivedKey } = wiring;
  const { publicOrigin, demo, trust, hashingCost: cost = usualCost, now = Date.now } = options;
  const people = new PeopleTable(pool, new PersonDigests(derivedKey('person digests')));
  const sessions = new SessionTable(pool, now);
  const mailbox = demo && options.smtpUrl === undefined ? new DemoMailbox(now) : null;
  const mails = new PostedMails(mailbox ?? transportOf(options), publicOrigin, logger);
  const passwords = new PasswordTable({
    pool, cost, now, pepper: derivedKey('password pepper'), turns: passwordTurns,
    // One core is left for everybody else.
    hashesAtOnce: Math.max(1, availableParallelism() - 1),
  });
  const stores = {
    log, keys, people, passwords, mails, sessions, tickets: new TicketTable(pool),
    applications: new QueuedApplications(readStore),
    households: demo ? new DemoHouseholdRegistry(now) : new NoHouseholdRegistry(),
  };
  const challenges = new ChallengeTable(pool, now);
  return {
    stores, people, sessions, challenges, publicOrigin, mailbox, signIns, now,
    certificates: trust ? openCertificateVerifier(trust, { now, logger }) : null,
    staffRoles: (memberId) => staffRolesOf(stores, memberId),
    close: () => mails.close(),
  };
}

const transportOf = ({ smtpUrl, mailFrom }: IdentityOptions) =>
  (smtpUrl === undefined ? new NoMailTransport() : new SmtpTransport(smtpUrl, mailFrom));
