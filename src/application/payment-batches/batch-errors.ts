import type { BatchError } from '../../domain/payment-batches/payment-batch.events.js';
import { reportedErrors } from '../../domain/payment-batches/payment-batch.js';

/**
 * What can be wrong with a delivered file, beside what the rules of payments refuse (`payment/…`, see
 * `payment.ts`). Codes are part of the interface: they may be added, never renamed. An error never carries a
 * value of the file.
 */
export const batchErrorCodes = {
  'batch/empty-file': 'the file holds no record',
  'batch/missing-header': 'the first record is not H',
  'batch/second-header': 'a further H',
  'batch/unsupported-version': 'the version in H is not 1',
  'batch/invalid-id':
    'the batch id is not 1 to 64 of A–Z, a–z, 0–9, point, underscore and hyphen, the first a letter or digit',
  'batch/invalid-time': 'the time in H is not an ISO 8601 time',
  'batch/unknown-record': 'a record that begins with none of H, P, I, S, T',
  'batch/wrong-field-count': 'a record has more or fewer fields than its kind',
  'batch/invoice-without-payment': 'an I that follows neither a P nor another I',
  'batch/too-many-invoices': 'more invoices than one payment may have',
  'batch/duplicate-payment': 'the same agency, year, voucher and sequence number a second time in the file',
  'batch/repeated-status':
    'the same status of the same payment, of the same day and in the same words, a second time in the file',
  'batch/date-too-far-ahead':
    'a status dated more than 31 days, or a payment more than 366, after the day of the time in H in Taipei',
  'batch/too-many-lines-of-payment': 'more than 1,000 records about one payment; the rest is not judged',
  'batch/missing-trailer': 'the file ends without T: it was cut off',
  'batch/after-trailer': 'a record behind T',
  'batch/invalid-trailer': 'a number in T is not written in digits alone',
  'batch/payments-mismatch': 'T counts another number of payments than there are',
  'batch/invoices-mismatch': 'T counts another number of invoices than there are',
  'batch/amount-mismatch': 'T names another sum than the payments have',
  'batch/amount-too-large': 'the payments sum up to 2^53 元 or more',
  'batch/id-reused': 'the batch id belongs to another file that was accepted before',
  'payment/unknown-bank-code': 'seven digits, but of no institution in the directory',
  'csv/not-utf-8': 'bytes that are not UTF-8; nothing behind them was read',
  'csv/not-big5': 'bytes that are not Big5; nothing behind them was read',
  'csv/malformed-quotes': 'a quotation mark not closed, or closed inside a field; nothing behind it was read',
  'csv/record-too-long': 'a record longer than any of this format; nothing behind it was read',
  'csv/too-many-fields': 'a record wider than any of this format; nothing behind it was read',
} as const;
export type BatchErrorCode = keyof typeof batchErrorCodes;

/**
 * The errors of one file: the first thousand by line, however many there are and in whatever order they are
 * found.
 */
export class BatchErrors {
  count = 0;
  private kept: BatchError[] = [];
  /** Nothing behind this line can be among the first thousand any more. */
  private lastKeptLine = Number.POSITIVE_INFINITY;

  add(line: number, code: string, field?: string): void {
    this.count++;
    if (line > this.lastKeptLine) return;
    this.kept.push(field === undefined ? { line, code } : { line, code, field });
    if (this.kept.length >= 2 * reportedErrors) this.keepFirst();
  }

  first(): readonly BatchError[] {
    this.keepFirst();
    return this.kept;
  }

  private keepFirst(): void {
    this.kept = this.kept.sort((a, b) => a.line - b.line).slice(0, reportedErrors);
    if (this.kept.length === reportedErrors) this.lastKeptLine = this.kept[reportedErrors - 1].line;
  }
}
