import { accountDecider } from '../../domain/accounts/account.js';
import { applicantDecider } from '../../domain/applicants/applicant.js';
import type { CommandContext } from '../command-context.js';
import { handle, load } from '../handle.js';
import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import { accountStream, applicantStream } from '../stream-names.js';
import type { IdentityStores, PendingApplication } from './identity-stores.js';
import { stepOf } from './registrations.js';

const sweepNamespace = namespaceOf('c2b1f8a4-5d0e-4b7f-8f39-0a6e1d7c9b52');
/** So many at once; the rest waits for the next round. */
const most = 100;

/**
 * Nobody is left to whom an account could belong: no reviewer is to judge it. Recorded as what it is, a
 * withdrawal. Whatever a table shows too late is found by the sweeper.
 */
export async function withdrawApplications(
  { log }: Pick<IdentityStores, 'log'>, context: CommandContext, pending: readonly PendingApplication[],
): Promise<void> {
  const { principal: { id: by }, at } = context;
  for (const { accountId, applicantId } of pending) {
    await handle(log, accountDecider, accountStream(accountId), {
      command: { type: 'WithdrawApplication', accountId, applicantId, by, at },
      meta: stepOf(context, `withdraw ${accountId}`),
    });
  }
}

/**
 * Applications of people who deleted their registration: filed in its very moment, or left behind by a
 * process that died over it. A table proposes, the log decides. Answers how many it looked at.
 */
export async function withdrawOfErased(
  { log, applications }: Pick<IdentityStores, 'log' | 'applications'>, at: string,
): Promise<number> {
  const proposed = await applications.ofErased(most);
  for (const pending of proposed) {
    const { state } = await load(log, applicantDecider, applicantStream(pending.applicantId));
    if (state.status !== 'erased') continue;
    await withdrawApplications({ log }, {
      principal: { id: 'registration-sweeper', roles: [] }, at, fingerprint: 'sweep',
      commandId: nameBasedUuid(sweepNamespace, pending.accountId),
    }, [pending]);
  }
  return proposed.length;
}
