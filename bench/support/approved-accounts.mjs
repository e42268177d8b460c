import { randomUUID } from 'node:crypto';
import { bigPayeeAccounts } from './reconciliation-rows.mjs';

/** The accounts of `fillReconciliation`, as an approved payee's. */
export async function approvedAccounts({ parts }, { applicantId }) {
  const { accountIdOf, accountStream } = await import('../../dist/application/stream-names.js');
  const at = '2025-01-01T00:00:00.000Z';
  return Promise.all(bigPayeeAccounts.map(async ({ bankCode, accountNumber }) => {
    const accountId = accountIdOf(applicantId, bankCode, accountNumber);
    const [commandId, reviewer] = [randomUUID(), randomUUID()];
    const facts = [{
      type: 'AccountApplied',
      data: {
        accountId, applicationId: commandId, applicantId, bankCode, accountNumber,
        accountName: { plain: '示範公司' }, warnings: [], appliedBy: applicantId, appliedAt: at,
      },
    }, { type: 'AccountApproved', data: { accountId, approvedBy: reviewer, approvedAt: at } }];
    const write = { stream: accountStream(accountId), expectedRevision: -1, facts };
    await parts.log.append([write], { commandId, fingerprint: commandId, by: applicantId, at });
    return accountId;
  }));
}
