import type { RecordPayment } from '../../domain/payments/payment.js';
import type { StatusCommand } from '../../domain/payments/payment-status.js';

/** A P record with its I records, valid as far as a record can be judged by itself. */
export interface PaymentLine {
  readonly line: number;
  readonly paymentId: string;
  readonly command: RecordPayment;
}
/** An S record, likewise. */
export interface StatusLine {
  readonly line: number;
  readonly paymentId: string;
  readonly command: StatusCommand;
}
export type BatchLine = PaymentLine | StatusLine;

export const isPaymentLine = (line: BatchLine): line is PaymentLine => line.command.type === 'RecordPayment';
