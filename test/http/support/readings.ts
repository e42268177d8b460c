import type { ReadableAccount } from '../../../src/application/accounts/readable-accounts.js';
import { readableAccounts } from '../../../src/application/accounts/readable-accounts.js';
import type { Principal } from '../../../src/application/command-context.js';
import type { Service } from './service.js';

/** What somebody may read at an instant, asked of the one place that decides it. */
export function readings(
  { parts }: Service, { applicantId = '', card }: Principal, accountIds: readonly string[],
  at: string = new Date().toISOString(),
): Promise<readonly ReadableAccount[]> {
  return readableAccounts(
    parts, { applicantId, card: card ?? null, only: null, kind: 'reconciliation', at }, accountIds);
}
