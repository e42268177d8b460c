import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { accountNumber, actor, bankCode, instant, sealed, uuid } from './fields.js';

// Word lists are spelled out here although the domain has them: this is what was ever stored.

const accountApplied = z.strictObject({
  accountId: uuid,
  applicationId: uuid,
  applicantId: uuid,
  bankCode,
  accountNumber,
  accountName: sealed,
  warnings: z.array(z.enum([
    'account-number/post-office-check-digit', 'account-number/unusual-length',
  ])).max(10),
  appliedBy: actor,
  appliedAt: instant,
});

const accountRejected = z.strictObject({
  accountId: uuid,
  reason: z.enum([
    '戶名與帳號不符', '統一編號不符', '帳號檢核錯誤', '金融機構代號停用', '證件不符', '重複申請', '其他',
  ]),
  explanation: sealed.optional(),
  applicantId: uuid,
  rejectedBy: actor,
  rejectedAt: instant,
});

export const accountSchemas = {
  AccountApplied: factSchema('AccountApplied', {
    versions: [accountApplied], subject: 'applicantId', personal: { accountName: 'account' },
  }),
  AccountApproved: factSchema('AccountApproved', {
    versions: [z.strictObject({ accountId: uuid, approvedBy: actor, approvedAt: instant })],
  }),
  AccountRejected: factSchema('AccountRejected', {
    versions: [accountRejected], subject: 'applicantId', personal: { explanation: 'review' },
  }),
  ApplicationWithdrawn: factSchema('ApplicationWithdrawn', {
    versions: [z.strictObject({ accountId: uuid, withdrawnBy: actor, withdrawnAt: instant })],
  }),
  AccountRemoved: factSchema('AccountRemoved', {
    versions: [z.strictObject({ accountId: uuid, removedBy: actor, removedAt: instant })],
  }),
};
