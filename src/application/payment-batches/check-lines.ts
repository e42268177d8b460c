import { isRefusal } from '../../domain/decider.js';
import type { PaymentState } from '../../domain/payments/payment.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { LatestDates } from '../../domain/payments/latest-dates.js';
import type { StatusChange } from '../../domain/payments/payment-status.js';
import { isSameChange, statusChangeOf, statusFactOf } from '../../domain/payments/payment-status.js';
import type { EventLog } from '../event-log.js';
import type { BatchErrors } from './batch-errors.js';
import type { BatchLine, PaymentLine } from './batch-lines.js';
import { isPaymentLine } from './batch-lines.js';
import { problemsOf } from './payment-problems.js';
import { loadPayments, unknownPayment } from './payment-states.js';

/** Judges a payment as if it were new; answers whether it is right. What the log knows is asked later. */
export function checkNewPayment({ line, command }: PaymentLine, errors: BatchErrors): boolean {
  const decision = paymentDecider.decide(command, paymentDecider.initial);
  if (!isRefusal(decision)) return true;
  const problems = problemsOf(command.payment);
  for (const { code, field } of problems) errors.add(line, code, field);
  if (problems.length === 0) errors.add(line, decision.refused);
  return false;
}

/**
 * Judges how far ahead of the file's own time a payment or status is dated; answers whether it is right.
 * Asked of a file that is judged, never of one that was accepted: that one is recorded as it is.
 */
export function checkDate({ line, command }: BatchLine, latest: LatestDates, errors: BatchErrors): boolean {
  if (command.type === 'RecordPayment') {
    if (command.payment.paymentDate <= latest.payment) return true;
    errors.add(line, 'batch/date-too-far-ahead', 'paymentDate');
  } else {
    if (command.on <= latest.status) return true;
    errors.add(line, 'batch/date-too-far-ahead', 'date');
  }
  return false;
}

/** Which of these payments are in the log already. */
export async function knownPayments(
  log: EventLog, paymentIds: readonly string[],
): Promise<readonly string[]> {
  return [...(await loadPayments(log, paymentIds)).keys()];
}

/** Everything a file says about one payment, by line, where that is more than that it is new. */
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

/**
 * The rules of payments take a change they know for one delivered again and add nothing. Within one file it
 * is no delivery again: a payment returned, sent again and returned on the same day for the same reason would
 * silently stay 重匯.
 */
function reportRepeatedStatuses({ lines }: LinesOfPayment, errors: BatchErrors): ReadonlySet<BatchLine> {
  const told: StatusChange[] = [];
  const repeated = new Set<BatchLine>();
  for (const each of lines) {
    if (isPaymentLine(each)) continue;
    const change = statusChangeOf(statusFactOf(each.command));
    if (!told.some((earlier) => isSameChange(earlier, change))) {
      told.push(change);
      continue;
    }
    repeated.add(each);
    errors.add(each.line, 'batch/repeated-status');
  }
  return repeated;
}

function checkInOrder(payment: LinesOfPayment, before: PaymentState, errors: BatchErrors): void {
  const repeated = reportRepeatedStatuses(payment, errors);
  const isKnown = before.status !== 'none';
  // What is wrong with a payment was found when it was judged alone; its statuses are not blamed for it.
  const told = payment.wrongLines.length > 0;
  let state = before;
  for (const line of payment.lines) {
    if (repeated.has(line)) continue;
    const decision = paymentDecider.decide(line.command, state);
    if (!isRefusal(decision)) state = decision.reduce(paymentDecider.evolve, state);
    // Told otherwise by two lines of one file it is a repeated payment, and reported as that.
    else if (isPaymentLine(line) ? isKnown : !told || state.status !== 'none') {
      errors.add(line.line, decision.refused);
    }
  }
}
