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
import type {
  FirstStatus, Invoice, PaymentDetails, PaymentRecorded,
} from '../../domain/payments/payment.events.js';
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

  readPayment(record: CsvRecord, line: number, batchId: string): DraftPayment {
    this.begin(line);
    const payment = this.readFields(record, batchId);
    if (this.wrong) this.reportAllProblems(payment);
    return {
      line, source: [record], paymentId: this.wrongKey ? null : payment.paymentId,
      amount: parseYuan(record[11]), invoices: payment.invoices as Invoice[], wrong: this.wrong,
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
    if (!isPrintable(agencyCode)) this.error('payment/unprintable-text', 'agencyCode');
    if (!isPrintable(voucherNo)) this.error('payment/unprintable-text', 'voucherNo');
    if (!isPrintable(seq)) this.error('payment/unprintable-text', 'seq');
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

  /** One object, made once: a file of a million payments makes two million of them. */
  private readFields(record: CsvRecord, batchId: string): PaymentRecorded['data'] {
    const [, agencyCode, agencyName, agencyPhone, year, voucherNo, seq, day, treasuryReceiptNo] = record;
    const bankCode = record[9];
    const accountNumber = record[10];
    // Found here, told by `reportAllProblems`: nothing unprintable may get into what is staged.
    if (!isPrintable(agencyCode) || !isPrintable(agencyName) || !isPrintable(agencyPhone)
      || !isPrintable(voucherNo) || !isPrintable(seq) || !isPrintable(treasuryReceiptNo)) this.wrong = true;
    if (!isAccountNumber(accountNumber)) this.wrong = true;
    if (!this.knownBankCodes.has(bankCode)) this.reportBankCode(bankCode);
    const fiscalYear = parseRocYear(year) ?? this.unread('payment/invalid-year', 'fiscalYear', unread.year);
    const paymentDate = this.dates.read(day)
      ?? this.unread('payment/invalid-date', 'paymentDate', unread.date);
    const amount = parseYuan(record[11]) ?? this.unread('payment/invalid-amount', 'amount', unread.amount);
    return {
      paymentId: paymentIdOf({ agencyCode, fiscalYear, voucherNo, seq }),
      status: this.readFirstStatus(record[12]), batchId,
      agencyCode, agencyName, agencyPhone, fiscalYear, voucherNo, seq, paymentDate, treasuryReceiptNo,
      bankCode, accountNumber, amount, purpose: this.readWords(record[13], 'purpose'), invoices: [],
    };
  }

  /** One that is not even seven digits is told by `reportAllProblems`. */
  private reportBankCode(bankCode: string): void {
    this.wrong = true;
    if (isBankCode(bankCode)) this.error('payment/unknown-bank-code', 'bankCode');
  }

  private unread<Value>(code: PaymentRefusal, field: string, instead: Value): Value {
    this.error(code, field);
    return instead;
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
    if (!isPrintable(words)) this.error('payment/unprintable-text', field);
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
