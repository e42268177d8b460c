import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import {
  accountNumber, actor, bankCode, batchId, day, instant, invoiceNumber, officialName, opaqueNumber,
  optionalOpaqueNumber, phone, purpose, remark, requiredRemark, rocYear, uuid, yuan,
} from './fields.js';

const invoice = z.strictObject({ number: invoiceNumber, date: day, amount: yuan });
/** One payment may settle a month's deliveries; the largest known has some hundred invoices. */
const invoices = z.array(invoice).max(10_000);

const identity = {
  agencyCode: opaqueNumber, fiscalYear: rocYear, voucherNo: opaqueNumber, seq: opaqueNumber,
};
const correctable = {
  agencyName: officialName,
  agencyPhone: phone,
  paymentDate: day,
  treasuryReceiptNo: optionalOpaqueNumber,
  bankCode,
  accountNumber,
  amount: yuan,
  purpose,
};
const recorded = {
  paymentId: uuid, status: z.enum(['待匯款', '已匯款']), batchId, ...identity, ...correctable,
};

/** As first designed: at most one invoice. */
const paymentRecordedV1 = z.strictObject({ ...recorded, invoice: invoice.optional() });
/** A payment may settle several invoices. */
const paymentRecordedV2 = z.strictObject({ ...recorded, invoices });

function listInvoices(
  { invoice: only, ...payment }: z.output<typeof paymentRecordedV1>,
): z.output<typeof paymentRecordedV2> {
  return { ...payment, invoices: only ? [only] : [] };
}

const remittanceReturned = z.strictObject({
  paymentId: uuid,
  reason: z.enum(['帳號錯誤', '戶名不符', '帳戶已結清', '通匯序號錯誤', '押碼不符', '其他']),
  explanation: remark.optional(),
  returnedOn: day,
  batchId,
});

const paymentCorrected = z.strictObject({
  paymentId: uuid,
  correction: z.strictObject({ ...correctable, invoices }).partial(),
  reason: requiredRemark,
  correctedBy: actor,
  correctedAt: instant,
});

export const paymentSchemas = {
  PaymentRecorded: factSchema('PaymentRecorded', {
    versions: [paymentRecordedV1, paymentRecordedV2], upcasts: [listInvoices],
  }),
  RemittanceRecorded: factSchema('RemittanceRecorded', {
    versions: [z.strictObject({ paymentId: uuid, remittedOn: day, note: remark.optional(), batchId })],
  }),
  RemittanceReturned: factSchema('RemittanceReturned', { versions: [remittanceReturned] }),
  PaymentReissued: factSchema('PaymentReissued', {
    versions: [z.strictObject({ paymentId: uuid, reissuedOn: day, note: remark.optional(), batchId })],
  }),
  ChequeIssuedInstead: factSchema('ChequeIssuedInstead', {
    versions: [z.strictObject({ paymentId: uuid, issuedOn: day, note: remark.optional(), batchId })],
  }),
  PaymentCancelled: factSchema('PaymentCancelled', {
    versions: [z.strictObject({ paymentId: uuid, cancelledOn: day, reason: remark, batchId })],
  }),
  PaymentCorrected: factSchema('PaymentCorrected', { versions: [paymentCorrected] }),
};
