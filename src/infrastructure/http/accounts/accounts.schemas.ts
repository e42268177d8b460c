import { z } from 'zod';
import { accountWarnings } from '../../../domain/accounts/account.events.js';
import { bankCode, id, params, position, query, words } from '../schemas.js';
import type { AccountAnswer } from './account-answers.js';
import { accountSchema, delegatedShape } from './account-answers.js';

/** Company names run to some sixty characters; twice that is a pasted paragraph. */
const longestName = 120;

export const accountParams = params({ accountId: id });
export const ownAccountsQuery = query({});

export const applicationBody = z.strictObject({
  bankCode: bankCode.meta({ description: '銀行代號' }),
  accountNumber: z.string().regex(/^\d{1,14}$/, '應為 1 至 14 位數字 / must be 1 to 14 digits')
    .meta({ description: '存戶帳號', examples: ['00012345678901'] }),
  accountName: words(longestName).meta({ description: '戶名', examples: ['王小明'] }),
});
export type ApplicationBody = z.output<typeof applicationBody>;

export const applied = z.object({
  accountId: z.uuid(),
  status: z.literal('審核中'),
  warnings: z.array(z.enum(accountWarnings))
    .meta({ description: 'for the reviewer to look at; they refuse nothing' }),
  position,
}).meta({ id: 'AccountApplied' });
export type Applied = z.output<typeof applied>;

/** Of a company that lets the caller look: nothing of how it was applied for. */
const delegated = z.object({
  ...delegatedShape, delegationId: z.uuid(),
  expiresOn: z.string().nullable().meta({ description: '授權到期日; null: until revoked' }),
}).meta({ id: 'DelegatedAccount' });
export type DelegatedAnswer = z.output<typeof delegated>;

export const ownAccounts = z.object({
  accounts: z.array(accountSchema),
  delegated: z.array(delegated).meta({ description: '被授權帳號: of others, to look at only' }),
}).meta({ id: 'OwnAccounts' });
export interface AccountsAnswer {
  readonly accounts: readonly AccountAnswer[];
  readonly delegated: readonly DelegatedAnswer[];
}
