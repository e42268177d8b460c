import type { BatchErrorCode } from '../../application/payment-batches/batch-errors.js';
import type { BatchTotals } from '../../domain/payment-batches/payment-batch.events.js';
import { addYuan } from '../../domain/money.js';

export interface TrailerDifference { readonly code: BatchErrorCode; readonly field: string }

const counted = /^\d{1,20}$/;

/** What a file really holds, to be compared with what its trailer says. */
export class BatchTally {
  invoices = 0;
  statusChanges = 0;
  private payments = 0;
  private amount = 0;
  /**
   * False from the first payment on whose amount cannot be read: that is its own error, not the trailer's
   * too.
   */
  private amountsKnown = true;
  private tooLarge = false;

  addPayment(amount: number | null): void {
    this.payments++;
    if (amount === null) this.amountsKnown = false;
    else {
      const sum = addYuan(this.amount, amount);
      if (sum === null) this.tooLarge = true;
      else this.amount = sum;
    }
  }

  get totals(): BatchTotals {
    return { payments: this.payments, invoices: this.invoices, amount: this.amount };
  }

  /** Digits are compared as whole numbers of any size: `007` is 7, and 2^53 + 1 is not 2^53. */
  differences([, payments, invoices, amount]: readonly string[]): TrailerDifference[] {
    return [
      ...difference(payments, this.payments, 'batch/payments-mismatch', 'payments'),
      ...difference(invoices, this.invoices, 'batch/invoices-mismatch', 'invoices'),
      ...this.amountDifference(amount),
    ];
  }

  private amountDifference(text: string): TrailerDifference[] {
    if (this.tooLarge) return [{ code: 'batch/amount-too-large', field: 'amountTotal' }];
    if (this.amountsKnown) return difference(text, this.amount, 'batch/amount-mismatch', 'amountTotal');
    return counted.test(text) ? [] : [{ code: 'batch/invalid-trailer', field: 'amountTotal' }];
  }
}

function difference(
  text: string, actual: number, mismatch: BatchErrorCode, field: string,
): TrailerDifference[] {
  if (!counted.test(text)) return [{ code: 'batch/invalid-trailer', field }];
  return BigInt(text) === BigInt(actual) ? [] : [{ code: mismatch, field }];
}
