import { z } from 'zod';
import { paymentStatuses } from '../../../domain/payments/payment.events.js';
import {
  bankCode, date, id, next, paging, query, repeatable, rule, words, yuan, yuanText,
} from '../schemas.js';

/** As many as one ticks by hand; without `account` all that may be read are meant, however many. */
const mostAccounts = 500;
const longestAgencyName = 100;

const atMost = (low: number | undefined, high: number | undefined): boolean =>
  low === undefined || high === undefined || low <= high;

/** NSS105E's filters, by the names of the API. */
export const reconciliationQuery = query({
  account: repeatable(id, mostAccounts)
    .meta({ description: 'accountId, repeatable; all own approved and delegated accounts when left out' }),
  from: date.optional().meta({ description: '資料日期, from' }),
  to: date.optional().meta({ description: '資料日期, to' }),
  agencyName: words(longestAgencyName).optional().meta({ description: '機關名稱, a part of it' }),
  status: repeatable(z.enum(paymentStatuses), paymentStatuses.length)
    .meta({ description: '支付狀態, repeatable' }),
  amountMin: yuanText.optional(),
  amountMax: yuanText.optional(),
  invoiceNumber: z.string().regex(/^[A-Z]{2}\d{8}$/, '應為 2 個大寫字母及 8 位數字 / must be 2 capital letters and 8 digits').optional()
    .meta({ description: '發票字號', examples: ['AB12345678'] }),
  invoiceAmountMin: yuanText.optional(),
  invoiceAmountMax: yuanText.optional(),
  sort: z.enum(['account-date', 'date-account']).default('account-date')
    .meta({ description: '排序別: 帳號+日期 or 日期+帳號' }),
  ...paging,
}).superRefine((asked, problems) => {
  const reversed = (path: string) =>
    problems.addIssue({ code: 'custom', path: [path], ...rule('range', '小於其下限 / is below its lower bound') });
  if (asked.from !== undefined && asked.to !== undefined && asked.from > asked.to) reversed('to');
  if (!atMost(asked.amountMin, asked.amountMax)) reversed('amountMax');
  if (!atMost(asked.invoiceAmountMin, asked.invoiceAmountMax)) reversed('invoiceAmountMax');
});
export type ReconciliationAsked = z.output<typeof reconciliationQuery>;

const isoDate = z.string().meta({ description: 'ISO date', examples: ['2019-05-10'] });
const text = z.string();
const count = z.int().min(0);

const reconciliationRow = z.object({
  paymentId: z.uuid(), accountId: z.uuid(), bankCode, accountNumber: text.meta({ description: '入戶帳號' }),
  agencyCode: text, agencyName: text.meta({ description: '付款機關名稱' }),
  agencyPhone: text.meta({ description: '付款機關會計室電話' }),
  status: z.enum(paymentStatuses).meta({ description: '支付狀態' }), statusDate: isoDate,
  returnReason: text.nullable().meta({ description: '退匯原因' }),
  fiscalYear: z.int(), voucherNo: text.meta({ description: '付款憑單編號' }), seq: text,
  paymentDate: isoDate, amount: yuan.meta({ description: '支付金額' }),
  treasuryReceiptNo: text.meta({ description: '國庫署收件號' }),
  invoiceDate: isoDate.nullable(), invoiceNumber: text.nullable(), invoiceAmount: yuan.nullable(),
  purpose: text.meta({ description: '支出用途' }),
}).meta({
  id: 'ReconciliationRow', description: 'one payment × one invoice; a payment without invoices is one row',
});

export const reconciliationAnswer = z.object({
  rows: z.array(reconciliationRow),
  totals: z.object({
    payments: count.meta({ description: '筆數: distinct payments among the matching rows' }),
    amount: yuan.meta({ description: '金額: each payment once' }),
    rows: count.meta({ description: '總筆數: matching rows' }),
  }).nullable().meta({ description: 'with the first page only' }),
  subtotals: z.array(z.object({ accountId: z.uuid(), payments: count, amount: yuan })).nullable()
    .meta({ description: '帳號小計, with the first page only' }),
  next,
}).meta({ id: 'Reconciliation' });
