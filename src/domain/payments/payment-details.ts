import { isAccountNumber } from '../identifiers/account-number.js';
import { isBankCode } from '../identifiers/bank-code.js';
import { isInvoiceNumber } from '../identifiers/invoice-number.js';
import { isYuan } from '../money.js';
import { isPrintable } from '../printable-text.js';
import { isIsoDate, isRocYear } from '../roc-date.js';
import type { Invoice, PaymentCorrection, PaymentDetails } from './payment.events.js';

export const paymentDetailProblems = [
  'payment/invalid-text', 'payment/unprintable-text', 'payment/invalid-year', 'payment/invalid-date',
  'payment/invalid-bank-code', 'payment/invalid-account-number', 'payment/invalid-amount',
  'payment/invalid-invoice',
] as const;
export type PaymentDetailProblem = (typeof paymentDetailProblems)[number];
export interface DetailProblem { readonly code: PaymentDetailProblem; readonly field: keyof PaymentDetails }

/** Generous against the original's forms, bounded against a file that is something else altogether. */
const longest = {
  agencyCode: 20, agencyName: 100, voucherNo: 40, seq: 20,
  agencyPhone: 40, treasuryReceiptNo: 40, purpose: 200,
} as const satisfies Partial<Record<keyof PaymentDetails, number>>;
type TextField = keyof typeof longest;
const texts = Object.keys(longest) as TextField[];
/** With a blank more or less one payment would be two: everybody but the two streams takes them for one. */
const keys: readonly TextField[] = ['agencyCode', 'voucherNo', 'seq'];
/**
 * A month's deliveries settled at once have some hundred invoices; a fact must stay of bounded size. The same
 * for a payment delivered and for one put right: what came with so many must be correctable.
 */
export const mostInvoices = 1_000;

/** The first thing wrong with a payment as delivered or corrected; null when nothing is. */
export function detailProblem(details: PaymentDetails): DetailProblem | null {
  if (details.agencyName.trim() === '') return problem('payment/invalid-text', 'agencyName');
  for (const field of keys) {
    const key = details[field].trim();
    if (key === '' || key !== details[field]) return problem('payment/invalid-text', field);
  }
  for (const field of texts) {
    if (details[field].length > longest[field]) return problem('payment/invalid-text', field);
    if (!isPrintable(details[field])) return problem('payment/unprintable-text', field);
  }
  if (!isRocYear(details.fiscalYear)) return problem('payment/invalid-year', 'fiscalYear');
  if (!isIsoDate(details.paymentDate)) return problem('payment/invalid-date', 'paymentDate');
  if (!isBankCode(details.bankCode)) return problem('payment/invalid-bank-code', 'bankCode');
  if (!isAccountNumber(details.accountNumber)) {
    return problem('payment/invalid-account-number', 'accountNumber');
  }
  if (!isYuan(details.amount) || details.amount === 0) return problem('payment/invalid-amount', 'amount');
  const { invoices } = details;
  const valid = invoices.length <= mostInvoices && invoices.every(isInvoice);
  return valid ? null : problem('payment/invalid-invoice', 'invoices');
}

const problem = (code: PaymentDetailProblem, field: keyof PaymentDetails): DetailProblem =>
  ({ code, field });

const isInvoice = (invoice: Invoice): boolean =>
  isInvoiceNumber(invoice.number) && isIsoDate(invoice.date) && isYuan(invoice.amount);

/** Written out rather than looped over keys: a re-delivered batch compares a million payments. */
export const samePayment = (a: PaymentDetails, b: PaymentDetails): boolean =>
  a.agencyCode === b.agencyCode && a.fiscalYear === b.fiscalYear
  && a.voucherNo === b.voucherNo && a.seq === b.seq
  && a.agencyName === b.agencyName && a.agencyPhone === b.agencyPhone && a.paymentDate === b.paymentDate
  && a.treasuryReceiptNo === b.treasuryReceiptNo && a.bankCode === b.bankCode
  && a.accountNumber === b.accountNumber && a.amount === b.amount && a.purpose === b.purpose
  && sameInvoices(a.invoices, b.invoices);

const sameInvoices = (a: readonly Invoice[], b: readonly Invoice[]): boolean =>
  a.length === b.length && a.every((invoice, i) => sameInvoice(invoice, b[i]));

const sameInvoice = (a: Invoice, b: Invoice | undefined): boolean =>
  a.number === b?.number && a.date === b.date && a.amount === b.amount;

/** Identity and status are not in this list, and so cannot be corrected. */
export const correctableFields = [
  'agencyName', 'agencyPhone', 'paymentDate', 'treasuryReceiptNo', 'bankCode', 'accountNumber',
  'amount', 'purpose', 'invoices',
] as const satisfies readonly (keyof PaymentCorrection)[];

export const isCorrectable = (field: string): boolean =>
  (correctableFields as readonly string[]).includes(field);

/** Of what a correction asks for only what differs from the payment as it stands. */
export function changesOf(correction: PaymentCorrection, details: PaymentDetails): PaymentCorrection {
  const { invoices, ...plain } = correction;
  const changed = Object.entries(plain).filter(
    ([field, value]) => value !== undefined && value !== details[field as keyof typeof plain]);
  const newInvoices = invoices && !sameInvoices(invoices, details.invoices) ? { invoices } : {};
  return { ...Object.fromEntries(changed), ...newInvoices };
}
