import { fold } from '../../domain/decider.js';
import type { AccountFact } from '../../domain/accounts/account.events.js';
import { accountDecider } from '../../domain/accounts/account.js';
import { accountKey } from '../../domain/identifiers/account-number.js';
import type { EventLog, StoredFact, StreamName } from '../event-log.js';
import { accountIdOf, accountStream } from '../stream-names.js';

/** An account whose payments the applicant may see. */
export interface ReadableAccount {
  readonly accountId: string;
  /** Bank code and padded number: what payments are found by. */
  readonly accountKey: string;
}

/**
 * Which of the accounts are the applicant's own and approved at this moment, in the order asked. From the log
 * and not from a table: an account that was removed is gone at once, wherever the projections stand.
 */
export async function readableAccounts(
  log: EventLog, applicantId: string, accountIds: readonly string[],
): Promise<ReadableAccount[]> {
  const streams = accountIds.map(accountStream);
  const facts = new Map<StreamName, StoredFact<AccountFact>[]>(streams.map((stream) => [stream, []]));
  for await (const fact of log.readStreams(streams)) {
    facts.get(fact.stream)?.push(fact as StoredFact<AccountFact>);
  }
  return streams.flatMap((stream) => readable(facts.get(stream) ?? [], applicantId));
}

/** The account under this key, where it is the applicant's own and approved. */
export async function readableAccount(
  log: EventLog, applicantId: string, key: string,
): Promise<ReadableAccount | null> {
  const accountId = accountIdOf(applicantId, key.slice(0, 7), key.slice(7));
  const [found] = await readableAccounts(log, applicantId, [accountId]);
  return found ?? null;
}

function readable(facts: readonly StoredFact<AccountFact>[], applicantId: string): ReadableAccount[] {
  const state = fold(accountDecider, facts);
  const applied = facts.find((fact) => fact.type === 'AccountApplied');
  if (state.status !== 'approved' || state.applicantId !== applicantId || !applied) return [];
  const { accountId, bankCode, accountNumber } = applied.data;
  return [{ accountId, accountKey: accountKey(bankCode, accountNumber) }];
}
