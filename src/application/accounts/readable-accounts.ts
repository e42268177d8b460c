import { fold } from '../../domain/decider.js';
import type { AccountFact } from '../../domain/accounts/account.events.js';
import { accountDecider } from '../../domain/accounts/account.js';
import type { ApplicantFact } from '../../domain/applicants/applicant.events.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import { delegationDecider } from '../../domain/delegations/delegation.js';
import type { Grant } from '../../domain/delegations/delegation-state.js';
import { accountsInForce, isForApproval } from '../../domain/delegations/delegation-state.js';
import type { CardType, DelegationFact } from '../../domain/delegations/delegation.events.js';
import { cardTypes } from '../../domain/delegations/delegation.events.js';
import { accountKey } from '../../domain/identifiers/account-number.js';
import type { Confines } from '../command-context.js';
import type { AccessKind, DelegateAccesses } from '../delegations/delegate-accesses.js';
import type { EventLog } from '../event-log.js';
import {
  accountIdOf, accountStream, applicantStream, delegationIdOf, delegationStream,
} from '../stream-names.js';
import { factsOf } from '../streams-together.js';

/** An account whose payments the reader may see. */
export interface ReadableAccount {
  readonly accountId: string;
  /** Bank code and padded number: what payments are found by. */
  readonly accountKey: string;
  /** Null for one's own. */
  readonly delegation: { readonly delegationId: string; readonly expiresOn: string | null } | null;
}
/** Who reads what, and when. */
export interface Reading {
  readonly applicantId: string;
  /** What was signed in with: a delegation is to one kind of card. Null where that is not known. */
  readonly card: CardType | null;
  /** A program is confined to the accounts it was given, whatever its company may read. */
  readonly only: Confines | null;
  readonly kind: AccessKind;
  readonly at: string;
}
export interface ReadingParts { readonly log: EventLog; readonly accesses: DelegateAccesses }

interface Approved {
  readonly accountId: string;
  readonly accountKey: string;
  readonly ownerId: string;
  readonly approvedAt: string;
}

/**
 * Which of the accounts the reader may read at this moment, in the order asked: own ones and delegated ones,
 * approved all of them. From the log and not from a table: what was removed or revoked is gone at once,
 * wherever the projections stand. What a delegate is let read is written down first.
 */
export async function readableAccounts(
  parts: ReadingParts, reading: Reading, accountIds: readonly string[],
): Promise<readonly ReadableAccount[]> {
  const readable = await decided(parts.log, reading, accountIds);
  await noted(parts, reading, readable);
  return readable;
}

/** All of them, or null where one of them is not to be read: then nothing is, and nothing is written down. */
export async function allReadable(
  parts: ReadingParts, reading: Reading, accountIds: readonly string[],
): Promise<readonly ReadableAccount[] | null> {
  const asked = [...new Set(accountIds)];
  const readable = await decided(parts.log, reading, asked);
  if (readable.length < asked.length) return null;
  await noted(parts, reading, readable);
  return readable;
}

/** The account under this key by which the reader may read it: of one's own, or of one of these companies. */
export async function readableAccount(
  parts: ReadingParts, reading: Reading, key: string, companyIds: readonly string[],
): Promise<ReadableAccount | null> {
  const owners = [reading.applicantId, ...companyIds];
  const accountIds = owners.map((owner) => accountIdOf(owner, key.slice(0, 7), key.slice(7)));
  const readable = (await decided(parts.log, reading, [...new Set(accountIds)])).slice(0, 1);
  await noted(parts, reading, readable);
  return readable[0] ?? null;
}

async function decided(
  log: EventLog, reading: Reading, asked: readonly string[],
): Promise<readonly ReadableAccount[]> {
  const { only } = reading;
  const isNamed = (accountId: string) => only === null || only.accountIds.includes(accountId);
  const accounts = (await approvedAccounts(log, asked.filter(isNamed)))
    .filter(({ approvedAt }) => only === null || isForApproval(only.since, approvedAt));
  const owners = new Set(accounts.map(({ ownerId }) => ownerId));
  owners.delete(reading.applicantId);
  const delegated = await delegatedAccounts(log, reading, [...owners]);
  return accounts.flatMap(({ ownerId, approvedAt, ...account }): ReadableAccount[] => {
    if (ownerId === reading.applicantId) return [{ ...account, delegation: null }];
    const grant = delegated.get(account.accountId);
    // An account that found another owner is not the one that was delegated.
    if (grant?.companyId !== ownerId || !isForApproval(grant.grantedAt, approvedAt)) return [];
    const { delegationId, expiresOn } = grant;
    return [{ ...account, delegation: { delegationId, expiresOn } }];
  });
}

/** Since when each of the accounts is approved; those that are not the applicant's own are left out. */
export async function ownApprovals(
  log: EventLog, applicantId: string, accountIds: readonly string[],
): Promise<readonly string[]> {
  const accounts = await approvedAccounts(log, accountIds);
  return accounts.filter(({ ownerId }) => ownerId === applicantId).map(({ approvedAt }) => approvedAt);
}

async function noted(
  { accesses }: ReadingParts, { kind, at }: Reading, readable: readonly ReadableAccount[],
): Promise<void> {
  const delegated = readable.flatMap(({ accountId, delegation }) =>
    (delegation === null ? [] : [{ accountId, delegationId: delegation.delegationId }]));
  if (delegated.length > 0) await accesses.record(delegated, kind, at);
}

async function approvedAccounts(log: EventLog, accountIds: readonly string[]): Promise<readonly Approved[]> {
  const facts = await factsOf<AccountFact>(log, accountIds.map(accountStream));
  return [...facts.values()].flatMap((story) => {
    const state = fold(accountDecider, story);
    const applied = story.find((fact) => fact.type === 'AccountApplied');
    if (state.status !== 'approved' || !applied) return [];
    const { accountId, bankCode, accountNumber } = applied.data;
    const { applicantId: ownerId, approvedAt } = state;
    return [{ accountId, accountKey: accountKey(bankCode, accountNumber), ownerId, approvedAt }];
  });
}

type Delegated =
  Pick<Grant, 'expiresOn' | 'grantedAt'> & { readonly delegationId: string; readonly companyId: string };

/** By account: what these companies let the reader see, for as long as the reader is somebody. */
async function delegatedAccounts(
  log: EventLog, { applicantId, card, at }: Reading, companyIds: readonly string[],
): Promise<ReadonlyMap<string, Delegated>> {
  const found = new Map<string, Delegated>();
  if (companyIds.length === 0) return found;
  const cards = card === null ? cardTypes : [card];
  const delegationIds = companyIds.flatMap((companyId) =>
    cards.map((cardType) => delegationIdOf(companyId, applicantId, cardType)));
  const self = applicantStream(applicantId);
  const facts = await factsOf<DelegationFact | ApplicantFact>(
    log, [self, ...delegationIds.map(delegationStream)]);
  const reader = fold(applicantDecider, (facts.get(self) ?? []) as readonly ApplicantFact[]);
  if (reader.status !== 'registered') return found;
  for (const delegationId of delegationIds) {
    const story = (facts.get(delegationStream(delegationId)) ?? []) as readonly DelegationFact[];
    const state = fold(delegationDecider, story);
    if (state.status === 'none' || state.delegateId !== applicantId) continue;
    for (const [accountId, { expiresOn, grantedAt }] of accountsInForce(state, at)) {
      found.set(accountId, { delegationId, companyId: state.companyId, expiresOn, grantedAt });
    }
  }
  return found;
}
