import { z } from 'zod';
import { mostInvoices } from '../../../domain/payments/payment-details.js';
import { paymentStatuses } from '../../../domain/payments/payment.events.js';
import { parseRocYear } from '../../../domain/roc-date.js';
import { bankCode, date, id, params, query, rule, words, yuan } from '../schemas.js';

export const paymentParams = params({ paymentId: id });
export const historyQuery = query({});

/** Far beyond any key; what fits none finds nothing. */
const longestKey = 100;
const keyPart = z.string().min(1).max(longestKey);

/** All four, exactly as delivered: a key names one payment or none. */
export const paymentQuery = query({
  agencyCode: keyPart.meta({ description: '付款機關代號' }),
  fiscalYear: z.string()
    .refine((text) => parseRocYear(text) !== null,
      rule('roc-year', '應為民國 1 至 999 年 / must be a 民國 year, 1 to 999'))
    .transform((text) => parseRocYear(text) ?? 0)
    .meta({ description: '會計年度, 民國', examples: ['115'] }),
  voucherNo: keyPart.meta({ description: '付款憑單編號' }),
  seq: keyPart.meta({ description: '受款人序號' }),
});
export type PaymentAsked = z.output<typeof paymentQuery>;

/** The domain bounds every text. */
const longestText = 1_000;
const text = z.string().max(longestText);

const correction = z.strictObject({
  agencyName: text, agencyPhone: text, paymentDate: date, treasuryReceiptNo: text, bankCode,
  accountNumber: text, amount: yuan, purpose: text,
  invoices: z.array(z.strictObject({ number: text, date, amount: yuan })).max(mostInvoices),
}).partial().refine((given) => Object.keys(given).length > 0, rule('empty', '沒有要更正的欄位 / nothing to correct'));

export const correctionBody = z.strictObject({
  reason: words(longestText).meta({ description: '更正原因', examples: ['付款憑單金額誤植'] }),
  correction: correction.meta({
    description: 'only the fields to put right; never identity or status', examples: [{ amount: 22860 }],
  }),
});
export type CorrectionBody = z.output<typeof correctionBody>;

export const paymentsFound = z.object({
  payments: z.array(z.object({
    paymentId: z.uuid(), status: z.enum(paymentStatuses), statusDate: z.string(),
    returnReason: z.string().nullable(),
    agencyCode: z.string(), agencyName: z.string(), agencyPhone: z.string(),
    fiscalYear: z.int(), voucherNo: z.string(), seq: z.string(),
    paymentDate: z.string().meta({ description: 'ISO date' }), treasuryReceiptNo: z.string(),
    bankCode, accountNumber: z.string(), amount: yuan, purpose: z.string(),
    invoices: z.array(z.object({ number: z.string(), date: z.string(), amount: yuan })),
  })),
}).meta({ id: 'PaymentsFound' });

export const paymentHistory = z.object({
  paymentId: z.uuid(),
  entries: z.array(z.object({
    position: z.string(), event: z.string(), status: z.enum(paymentStatuses),
    date: z.string().meta({ description: 'ISO date the fact speaks of' }),
    recordedAt: z.string().meta({ description: 'when the service was told, ISO UTC' }),
    reason: z.string().nullable(), note: z.string().nullable(), batchId: z.string().nullable(),
    correction: z.record(z.string(), z.unknown()).nullable()
      .meta({ description: 'what was put right; a payee is not told `bankCode` and `accountNumber`' }),
    accountChanged: z.boolean().meta({ description: 'a correction that named another account' }),
  })),
}).meta({ id: 'PaymentHistory' });
