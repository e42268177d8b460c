import { z } from 'zod';
import { accountWarnings, rejectionReasons } from '../../../domain/accounts/account.events.js';
import type { AccountView } from '../../../projections/accounts/account-view.js';
import { applicationStatuses } from '../../../projections/accounts/accounts.projection.js';
import { bankCodeStates } from '../../../projections/bank-directory/bank-directory.projection.js';
import type { PersonalFields } from '../personal-fields.js';
import { bankCode } from '../schemas.js';

const text = z.string();

/** An account as its owner sees it on NSS102E. */
export const accountShape = {
  accountId: z.uuid(),
  bankCode: bankCode.meta({ description: '銀行代號' }),
  bankName: text.nullable().meta({ description: '銀行名稱' }),
  bankState: z.enum(bankCodeStates).nullable()
    .meta({ description: '停用: the branch is closed, apply for another account' }),
  accountNumber: text.meta({ description: '存戶帳號, as entered' }),
  accountName: text.nullable().meta({ description: '戶名; null once the applicant was erased' }),
  status: z.enum(applicationStatuses).meta({ description: '狀態' }),
  warnings: z.array(z.enum(accountWarnings)),
  reason: z.enum(rejectionReasons).nullable().meta({ description: '未核准原因' }),
  explanation: text.nullable(),
  appliedAt: text, decidedAt: text.nullable(),
};
export const delegatedShape = {
  accountId: accountShape.accountId, bankCode: accountShape.bankCode, bankName: accountShape.bankName,
  bankState: accountShape.bankState, accountNumber: accountShape.accountNumber,
  accountName: accountShape.accountName,
};
export const accountSchema = z.object(accountShape).meta({ id: 'Account' });
export type AccountAnswer = z.output<typeof accountSchema>;

export async function accountAnswers(
  views: readonly AccountView[], personal: PersonalFields,
): Promise<readonly AccountAnswer[]> {
  const sealed = views.flatMap(({ accountName, explanation }) => [accountName, explanation]);
  const opened = await personal.show(sealed);
  return views.map((view, i) => ({
    accountId: view.accountId, bankCode: view.bankCode, bankName: view.bankName, bankState: view.bankState,
    accountNumber: view.accountNumber, accountName: opened[2 * i] ?? null, status: view.status,
    warnings: [...view.warnings], reason: view.reason, explanation: opened[2 * i + 1] ?? null,
    appliedAt: view.appliedAt, decidedAt: view.decidedAt,
  }));
}
