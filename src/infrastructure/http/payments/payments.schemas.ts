import { z } from 'zod';
import { paymentStatuses } from '../../../domain/payments/payment.events.js';
import { bankCode, date, id, params, query, rule, words, yuan } from '../schemas.js';

export const paymentParams = params({ paymentId: id });
export const historyQuery = query({});

/** More invoices than ever stood on one voucher; the domain bounds every text. */
const mostInvoices = 500;
const longestText = 1_000;
const text = z.string().max(longestText);

const correction = z.strictObject({
  agencyName: text, agencyPhone: text, paymentDate: date, treasuryReceiptNo: text, bankCode,
  accountNumber: text, amount: yuan, purpose: text,
  invoices: z.array(z.strictObject({ number: text, date, amount: yuan })).max(mostInvoices),
}).partial().refine((given) => Object.keys(given).length > 0, rule('empty', 'nothing to correct'));

export const correctionBody = z.strictObject({
  reason: words(longestText).meta({ description: '更正原因', examples: ['付款憑單金額誤植'] }),
  correction: correction.meta({
    description: 'only the fields to put right; never identity or status', examples: [{ amount: 22860 }],
  }),
});
export type CorrectionBody = z.output<typeof correctionBody>;

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
