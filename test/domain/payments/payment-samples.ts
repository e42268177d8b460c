import type {
  CancelPayment, IssueChequeInstead, RecordRemittance, RecordReturn, Reissue,
} from '../../../src/domain/payments/payment-status.js';
import type { CorrectPayment, RecordPayment } from '../../../src/domain/payments/payment.js';
import type {
  ChequeIssuedInstead, PaymentCancelled, PaymentCorrected, PaymentRecorded, PaymentReissued,
  RemittanceRecorded,
  RemittanceReturned,
} from '../../../src/domain/payments/payment.events.js';

export const paymentId = 'payment-1';
export const batchId = 'batch-1';
const known = { paymentId, batchId };

/** One payment over two invoices, as the manual's own rows show one: 22,860 = 9,060 + 13,800. */
export const delivered = (changes: Partial<PaymentRecorded['data']> = {}): PaymentRecorded['data'] => ({
  ...known, status: '待匯款',
  agencyCode: '1710', agencyName: '示範機關', agencyPhone: '02-2322-8000', fiscalYear: 108, voucherNo: '050012',
  seq: '01', paymentDate: '2019-05-10', treasuryReceiptNo: '083001', bankCode: '0040037',
  accountNumber: '109012345678', amount: 22_860, purpose: '文具用品',
  invoices: [
    { number: 'KS12345678', date: '2019-04-30', amount: 9_060 },
    { number: 'KS12345679', date: '2019-04-30', amount: 13_800 },
  ],
  ...changes,
});

export const record = (changes: Partial<PaymentRecorded['data']> = {}): RecordPayment =>
  ({ type: 'RecordPayment', payment: delivered(changes) });
export const remit = (on = '2019-05-13', note?: string): RecordRemittance =>
  ({ type: 'RecordRemittance', ...known, on, ...(note === undefined ? {} : { note }) });
export const giveBack = (changes: Partial<RecordReturn> = {}): RecordReturn =>
  ({ type: 'RecordReturn', ...known, on: '2019-05-15', reason: '帳號錯誤', ...changes });
export const reissue = (on = '2019-05-20'): Reissue => ({ type: 'Reissue', ...known, on });
export const issueCheque = (on = '2019-05-20'): IssueChequeInstead =>
  ({ type: 'IssueChequeInstead', ...known, on });
export const cancel = (on = '2019-05-22', reason = '誤付'): CancelPayment =>
  ({ type: 'CancelPayment', ...known, on, reason });
export const correct = (changes: Partial<CorrectPayment> = {}): CorrectPayment => ({
  type: 'CorrectPayment', paymentId, correction: { purpose: '辦公用品' }, bank: null, reason: '用途誤植',
  by: 'chen', at: '2019-06-01T01:00:00.000Z', ...changes,
});

export const recorded = (changes: Partial<PaymentRecorded['data']> = {}): PaymentRecorded =>
  ({ type: 'PaymentRecorded', data: delivered(changes) });
export const remitted = (changes: Partial<RemittanceRecorded['data']> = {}): RemittanceRecorded =>
  ({ type: 'RemittanceRecorded', data: { ...known, remittedOn: '2019-05-13', ...changes } });
export const returned = (changes: Partial<RemittanceReturned['data']> = {}): RemittanceReturned =>
  ({ type: 'RemittanceReturned', data: { ...known, reason: '帳號錯誤', returnedOn: '2019-05-15', ...changes } });
export const reissued = (changes: Partial<PaymentReissued['data']> = {}): PaymentReissued =>
  ({ type: 'PaymentReissued', data: { ...known, reissuedOn: '2019-05-20', ...changes } });
export const chequeIssued = (changes: Partial<ChequeIssuedInstead['data']> = {}): ChequeIssuedInstead =>
  ({ type: 'ChequeIssuedInstead', data: { ...known, issuedOn: '2019-05-20', ...changes } });
export const cancelled = (changes: Partial<PaymentCancelled['data']> = {}): PaymentCancelled =>
  ({ type: 'PaymentCancelled', data: { ...known, cancelledOn: '2019-05-22', reason: '誤付', ...changes } });
export const corrected = (changes: Partial<PaymentCorrected['data']> = {}): PaymentCorrected => ({
  type: 'PaymentCorrected',
  data: {
    paymentId, correction: { purpose: '辦公用品' }, reason: '用途誤植', correctedBy: 'chen',
    correctedAt: '2019-06-01T01:00:00.000Z', ...changes,
  },
});
