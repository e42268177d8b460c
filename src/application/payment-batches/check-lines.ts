import { isRefusal } from '../../domain/decider.js';
import type { PaymentState } from '../../domain/payments/payment.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { EventLog } from '../event-log.js';
import type { BatchErrors } from './batch-errors.js';
import type { BatchLine, PaymentLine } from './batch-lines.js';
import { isPaymentLine } from './batch-lines.js';
import { problemsOf } from './payment-problems.js';
import { loadPayments, unknownPayment } from './payment-states.js';

/** Judges payments against the log by the rules that will record them. */
export async function checkPayments(
  log: EventLog, lines: readonly PaymentLine[], errors: BatchErrors,
): Promise<void> {
  const known = await loadPayments(log, lines.map(({ paymentId }) => paymentId));
  for (const { line, paymentId, command } of lines) {
    const { state } = known.get(paymentId) ?? unknownPayment;
    const decision = paymentDecider.decide(command, state);
    if (!isRefusal(decision)) continue;
    const problems = problemsOf(command.payment);
    for (const { code, field } of problems) errors.add(line, code, field);
    if (problems.length === 0) errors.add(line, decision.refused);
  }
}

/** Everything a file says about one payment, by line, where that is more than one new payment. */
export interface LinesOfPayment {
  readonly paymentId: string;
  readonly lines: readonly BatchLine[];
  /**
   * Lines of payments that are wrong by themselves: already reported, and no reason to doubt what follows
   * them.
   */
  readonly wrongLines: readonly number[];
  /** The first line too many, where one file says more about a payment than it may. */
  readonly lineBeyond: number | null;
}
/** No payment changes so often in one file; what is judged together must fit into memory. */
export const linesOfOnePayment = 1_000;

/**
 * Judges what only shows when lines are taken together and in order: repeated payments, and later statuses.
 */
export async function checkTogether(
  log: EventLog, payments: readonly LinesOfPayment[], errors: BatchErrors,
): Promise<void> {
  const known = await loadPayments(log, payments.map(({ paymentId }) => paymentId));
  for (const payment of payments) {
    reportRepeated(payment, errors);
    if (payment.lineBeyond !== null) errors.add(payment.lineBeyond, 'batch/too-many-lines-of-payment');
    checkInOrder(payment, (known.get(payment.paymentId) ?? unknownPayment).state, errors);
  }
}

function reportRepeated({ lines, wrongLines }: LinesOfPayment, errors: BatchErrors): void {
  const payments = [...lines.filter(isPaymentLine).map(({ line }) => line), ...wrongLines];
  for (const line of payments.sort((a, b) => a - b).slice(1)) errors.add(line, 'batch/duplicate-payment');
}

function checkInOrder(payment: LinesOfPayment, before: PaymentState, errors: BatchErrors): void {
  let state = before;
  let told = payment.wrongLines.length > 0;
  for (const line of payment.lines) {
    const decision = paymentDecider.decide(line.command, state);
    if (!isRefusal(decision)) {
      state = decision.reduce(paymentDecider.evolve, state);
      continue;
    }
    // What is wrong with a payment was found when it was judged alone; its statuses are not blamed for it.
    if (isPaymentLine(line)) told = true;
    else if (!told || state.status !== 'none') errors.add(line.line, decision.refused);
  }
}
