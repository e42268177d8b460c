import type { FactType } from '../domain/facts.js';
import { accountHistory } from './accounts/account-history.projection.js';
import { accounts } from './accounts/accounts.projection.js';
import { applicants } from './applicants/applicants.projection.js';
import { bankDirectory } from './bank-directory/bank-directory.projection.js';
import { delegations } from './delegations/delegations.projection.js';
import { paymentBatches } from './payment-batches/payment-batches.projection.js';
import { paymentTimeline } from './payment-timeline/payment-timeline.projection.js';
import type { Projection } from './projection.js';
import { reconciliation } from './reconciliation/reconciliation.projection.js';
import { signIns } from './sign-ins/sign-ins.projection.js';

const all = [
  accounts, accountHistory, applicants, bankDirectory, paymentBatches, paymentTimeline, reconciliation,
  signIns, delegations,
] as const;

/** Every read table there is. */
export const projections: readonly Projection[] = all;

type Seen = (typeof all)[number]['sees'][number];

/** Few facts about one person, who alone asks, and must see at once that a card agent is revoked. */
const ownStream = 'a registration is shown to its owner from its own stream';

/** A few hundred entries; whoever was removed must lose every right with that very fact. */
const staffList = 'the staff list is read from its own stream';

/** A few per holder, who alone asks; what was revoked must open nothing with that very fact. */
const credentials = 'API credentials are read from their holder\'s own stream';

/** A few a day at most; what is granted by one is told by the delegation. */
const offers = 'a company is shown its invitations from their own stream';

/**
 * A fact that no table shows must be named here with the reason: a new one compiles neither unseen nor
 * unlisted.
 */
export const deliberatelyUnseen = {
  BankCodeListImported: 'what a list changed is told by the facts beside it; its counts answer the import',
  RegistrationApplied: ownStream, TicketMailed: ownStream, RegistrationConfirmed: ownStream,
  RegistrationLapsed: ownStream, AgentEnrolled: ownStream, AgentRevoked: ownStream,
  PasswordChanged: ownStream, PasswordReset: ownStream, EmailChangeRequested: ownStream,
  EmailChanged: ownStream, MobileChanged: ownStream, RegistrationDeleted: ownStream,
  ApiCredentialIssued: credentials, ApiCredentialRevoked: credentials,
  DelegationOffered: offers, DelegationOfferAccepted: offers, DelegationOfferWithdrawn: offers,
  StaffMemberAdded: staffList, StaffMemberRemoved: staffList,
} as const satisfies Readonly<Record<Exclude<FactType, Seen>, string>>;
