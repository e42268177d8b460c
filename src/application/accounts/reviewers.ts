import { accountDecider } from '../../domain/accounts/account.js';
import type { Reviewer } from '../../domain/accounts/account.js';
import type { CommandContext } from '../command-context.js';
import { isDelegate } from '../delegations/delegations.js';
import type { EventLog } from '../event-log.js';
import { load } from '../handle.js';
import { accountStream } from '../stream-names.js';

/** Who reviews, and what ties them to whoever applied. */
export async function reviewerOf(
  log: EventLog, { principal: { id: by, applicantId }, at }: CommandContext, accountId: string,
): Promise<Reviewer> {
  if (applicantId === undefined) return { by };
  const { state } = await load(log, accountDecider, accountStream(accountId));
  if (state.status === 'none') return { by, applicantId };
  const between = { companyId: state.applicantId, delegateId: applicantId };
  return { by, applicantId, isDelegate: await isDelegate(log, between, at) };
}
