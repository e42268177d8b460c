import type { BatchErrorCode, BatchErrors } from '../../application/payment-batches/batch-errors.js';
import type { BatchLine, PaymentLine, StatusLine } from '../../application/payment-batches/batch-lines.js';
import { problemsOf } from '../../application/payment-batches/payment-problems.js';
import { paymentIdOf } from '../../application/stream-names.js';
import { isRefusal } from '../../domain/decider.js';
import { isAccountNumber } from '../../domain/identifiers/account-number.js';
import { isBankCode } from '../../domain/identifiers/bank-code.js';
import { isInvoiceNumber } from '../../domain/identifiers/invoice-number.js';
import { parseYuan } from '../../domain/money.js';
import { statusCommandOf } from '../../domain/payments/delivered-status.js';
import type { FirstStatus, Invoice, PaymentDetails } from '../../domain/payments/payment.events.js';
import { firstStatuses, paymentStatuses } from '../../domain/payments/payment.events.js';
import type { PaymentRefusal } from '../../domain/payments/payment.js';
import { isPrintable } from '../../domain/printable-text.js';
import { parseRocYear } from '../../domain/roc-date.js';
import { DateReader, onOneLine } from './field-values.js';

export type CsvRecord = readonly string[];

/** A payment whose invoices may still follow. */
export interface DraftPayment {
  readonly line: number;
  /** P, and I as they come. */
  readonly source: CsvRecord[];
  /** Null when its key cannot be read. */
  readonly paymentId: string | null;
  readonly amount: number | null;
  readonly invoices: Invoice[];
  readonly payment: PaymentLine;
  wrong: boolean;
}

/** Stands where a field could not be read, in a payment that is wrong and goes nowhere. */
const unread = { year: 1, date: '1912-01-01', amount: 1, status: '待匯款' } as const;
/** Agency code, name and telephone, voucher, sequence and receipt number. */
const plainTexts = [1, 2, 3, 5, 6, 8];
const keyFields: readonly string[] =
  ['agencyCode', 'fiscalYear', 'voucherNo', 'seq'] satisfies (keyof PaymentDetails)[];

/** Turns the fields of P, I and S records into values, and tells everything that is wrong with them. */
export class PaymentRecords {
  private readonly dates = new DateReader();
  /** Of the record being read. */
  private line = 0;
  private wrong = false;
  private wrongKey = false;

  constructor(private readonly knownBankCodes: ReadonlySet<string>, private readonly errors: BatchErrors) {}

  readPayment(record: readonly string[], line: number, batchId: string): DraftPayment {
    this.begin(line);
    const details = this.readDetails(record);
    const status = this.readFirstStatus(record[12]);
    if (this.wrong) this.reportAllProblems(details);
    const paymentId = this.wrongKey ? null : paymentIdOf(details);
    const payment = { paymentId: paymentId ?? '', status, batchId, ...details };
    return {
      line, source: [record], paymentId, amount: parseYuan(record[11]), wrong: this.wrong,
      invoices: details.invoices as Invoice[],
      payment: { line, paymentId: payment.paymentId, command: { type: 'RecordPayment', payment } },
    };
  }

  readInvoice([, number, dateText, amountText]: readonly string[], line: number): Invoice | null {
    this.begin(line);
    const date = this.dates.read(dateText);
    const amount = parseYuan(amountText);
    if (!isInvoiceNumber(number)) this.error('payment/invalid-invoice', 'invoiceNumber');
    if (date === null) this.error('payment/invalid-date', 'invoiceDate');
    if (amount === null) this.error('payment/invalid-amount', 'invoiceAmount');
    return this.wrong || date === null || amount === null ? null : { number, date, amount };
  }

  readStatus(record: readonly string[], line: number, batchId: string): StatusLine | null {
    this.begin(line);
    const [, agencyCode, year, voucherNo, seq, status, date] = record;
    const fiscalYear = parseRocYear(year);
    if (fiscalYear === null) this.error('payment/invalid-year', 'fiscalYear');
    if (!isPrintable(agencyCode)) this.error('payment/invalid-text', 'agencyCode');
    if (!isPrintable(voucherNo)) this.error('payment/invalid-text', 'voucherNo');
    if (!isPrintable(seq)) this.error('payment/invalid-text', 'seq');
    const reason = this.readWords(record[7], 'reason');
    const paymentId = paymentIdOf({ agencyCode, fiscalYear: fiscalYear ?? unread.year, voucherNo, seq });
    const command = statusCommandOf({ paymentId, batchId, status, date, reason });
    if (isRefusal(command)) this.error(command.refused, fieldOfStatusRefusal[command.refused]);
    return this.wrong || isRefusal(command) ? null : { line, paymentId, command };
  }

  /** The line once more, from the records it was made of: they were found right before. */
  readAgain(source: readonly CsvRecord[], line: number, batchId: string): BatchLine {
    const [first, ...invoices] = source;
    if (first[0] === 'S') return this.found(this.readStatus(first, line, batchId));
    const draft = this.readPayment(first, line, batchId);
    for (const record of invoices) draft.invoices.push(this.found(this.readInvoice(record, line)));
    return draft.payment;
  }

  private found<Value>(value: Value | null): Value {
    if (value === null) throw new Error('a record reads otherwise than before');
    return value;
  }

  private readDetails(record: readonly string[]): PaymentDetails {
    const bankCode = record[9];
    const accountNumber = record[10];
    // Found here, told by `reportAllProblems`: nothing unprintable may get into what is staged.
    if (!plainTexts.every((index) => isPrintable(record[index]))) this.wrong = true;
    if (!isAccountNumber(accountNumber) || !isBankCode(bankCode)) this.wrong = true;
    else if (!this.knownBankCodes.has(bankCode)) this.error('payment/unknown-bank-code', 'bankCode');
    const fiscalYear = parseRocYear(record[4]);
    const paymentDate = this.dates.read(record[7]);
    const amount = parseYuan(record[11]);
    if (fiscalYear === null) this.error('payment/invalid-year', 'fiscalYear');
    if (paymentDate === null) this.error('payment/invalid-date', 'paymentDate');
    if (amount === null) this.error('payment/invalid-amount', 'amount');
    return {
      agencyCode: record[1], agencyName: record[2], agencyPhone: record[3],
      fiscalYear: fiscalYear ?? unread.year, voucherNo: record[5], seq: record[6],
      paymentDate: paymentDate ?? unread.date, treasuryReceiptNo: record[8],
      bankCode, accountNumber, amount: amount ?? unread.amount,
      purpose: this.readWords(record[13], 'purpose'), invoices: [],
    };
  }

  private readFirstStatus(word: string): FirstStatus {
    const status = firstStatuses.find((first) => first === word);
    if (status) return status;
    const known = (paymentStatuses as readonly string[]).includes(word);
    this.error(known ? 'payment/status-not-allowed' : 'payment/unknown-status', 'status');
    return unread.status;
  }

  private readWords(text: string, field: string): string {
    if (isPrintable(text)) return text;
    const words = onOneLine(text);
    if (!isPrintable(words)) this.error('payment/invalid-text', field);
    return words;
  }

  /**
   * The rule book judges a payment that reads well; of one that does not, nobody else would look at the rest.
   */
  private reportAllProblems(details: PaymentDetails): void {
    for (const { code, field } of problemsOf(details)) this.error(code, field);
  }

  private begin(line: number): void {
    this.line = line;
    this.wrong = false;
    this.wrongKey = false;
  }

  private error(code: BatchErrorCode | PaymentRefusal, field?: string): void {
    this.wrong = true;
    if (field !== undefined && keyFields.includes(field)) this.wrongKey = true;
    this.errors.add(this.line, code, field);
  }
}

const fieldOfStatusRefusal: Partial<Record<PaymentRefusal, string>> = {
  'payment/unknown-status': 'status',
  'payment/status-not-allowed': 'status',
  'payment/invalid-date': 'date',
  'payment/unknown-return-reason': 'reason',
  'payment/reason-required': 'reason',
};
