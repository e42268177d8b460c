import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { isPrintable } from '../printable-text.js';
import { isIsoDate } from '../roc-date.js';
import { latestDates } from './latest-dates.js';
import {
  changesOf, detailProblem, isCorrectable, paymentDetailProblems, samePayment,
} from './payment-details.js';
import type { StatusChange, StatusCommand } from './payment-status.js';
import { isSameChange, mayFollow, statusChangeOf, statusFactOf } from './payment-status.js';
import type {
  PaymentCorrection, PaymentDetails, PaymentFact, PaymentRecorded, PaymentStatus,
} from './payment.events.js';
import { firstStatuses, returnReasons } from './payment.events.js';

/** Carries the fact's own data, so that a million payments are not copied field by field. */
export interface RecordPayment { readonly type: 'RecordPayment'; readonly payment: PaymentRecorded['data'] }
export interface CorrectPayment {
  readonly type: 'CorrectPayment';
  readonly paymentId: string;
  readonly correction: PaymentCorrection;
  /** What the bank directory says of a corrected bank code; null where none is corrected. */
  readonly bank: { readonly exists: boolean } | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}
export type PaymentCommand = RecordPayment | StatusCommand | CorrectPayment;

export const paymentRefusals = [
  ...paymentDetailProblems, 'payment/unknown', 'payment/different-content', 'payment/unknown-status',
  'payment/status-not-allowed', 'payment/date-before-previous-status', 'payment/unknown-return-reason',
  'payment/reason-required', 'payment/reason-too-long', 'payment/not-correctable',
  'payment/unknown-bank-code',
] as const;
export type PaymentRefusal = (typeof paymentRefusals)[number];
export type PaymentDecision = Decision<PaymentFact, PaymentRefusal>;

export type PaymentState = { readonly status: 'none' } | KnownPayment;
export interface KnownPayment {
  readonly status: PaymentStatus;
  /** As first delivered: what a re-delivery is compared with, whatever was corrected since. */
  readonly recorded: PaymentRecorded['data'];
  /** As corrected. */
  readonly details: PaymentDetails;
  /** Statuses after the first one, oldest first. */
  readonly changes: readonly StatusChange[];
}

export function evolve(state: PaymentState, fact: PaymentFact): PaymentState {
  if (fact.type === 'PaymentRecorded') {
    return { status: fact.data.status, recorded: fact.data, details: fact.data, changes: [] };
  }
  if (state.status === 'none') return state;
  if (fact.type === 'PaymentCorrected') {
    return { ...state, details: { ...state.details, ...fact.data.correction } };
  }
  const change = statusChangeOf(fact);
  return { ...state, status: change.status, changes: [...state.changes, change] };
}

export function decide(command: PaymentCommand, state: PaymentState): PaymentDecision {
  switch (command.type) {
    case 'RecordPayment': return record(command, state);
    case 'RecordRemittance':
    case 'RecordReturn':
    case 'Reissue':
    case 'IssueChequeInstead':
    case 'CancelPayment': return changeStatus(command, state);
    case 'CorrectPayment': return correct(command, state);
  }
}

export const paymentDecider: Decider<PaymentCommand, PaymentState, PaymentFact, PaymentRefusal> = {
  initial: { status: 'none' }, evolve, decide,
};

/** A batch may bring a known payment again, but only the same: what was told once is not told otherwise. */
function record({ payment }: RecordPayment, state: PaymentState): PaymentDecision {
  if (state.status !== 'none') {
    const same = samePayment(payment, state.recorded) && payment.status === state.recorded.status;
    return same ? [] : refuse('payment/different-content');
  }
  if (!firstStatuses.includes(payment.status)) return refuse('payment/status-not-allowed');
  const problem = detailProblem(payment);
  return problem ? refuse(problem.code) : [{ type: 'PaymentRecorded', data: payment }];
}

function changeStatus(command: StatusCommand, state: PaymentState): PaymentDecision {
  if (state.status === 'none') return refuse('payment/unknown');
  if (!isIsoDate(command.on)) return refuse('payment/invalid-date');
  if (command.type === 'RecordReturn' && !returnReasons.includes(command.reason)) {
    return refuse('payment/unknown-return-reason');
  }
  const fact = statusFactOf(command);
  const change = statusChangeOf(fact);
  const wrong = wordsProblem(change.reason) ?? wordsProblem(change.note);
  if (wrong) return refuse(wrong);
  if (historyOf(state).some((earlier) => isSameChange(earlier, change))) return [];
  if (!mayFollow(change.status, state.status)) return refuse('payment/status-not-allowed');
  if (change.on < statusSince(state)) return refuse('payment/date-before-previous-status');
  return [fact];
}

/** Every status the payment has had, the first one included, in which it was delivered. */
export const historyOf = ({ recorded, changes }: KnownPayment): readonly StatusChange[] =>
  [{ status: recorded.status, on: recorded.paymentDate }, ...changes];

/** The first status dates from the day of payment: where that was corrected, from the corrected day. */
const statusSince = ({ details, changes }: KnownPayment): string => changes.at(-1)?.on ?? details.paymentDate;

const longestReason = 200;
function wordsProblem(words = ''): 'payment/reason-too-long' | 'payment/unprintable-text' | null {
  if (words.length > longestReason) return 'payment/reason-too-long';
  return isPrintable(words) ? null : 'payment/unprintable-text';
}

/** What happened to a payment happened after it was paid: a later day of payment would deny that. */
function dateProblem(
  { paymentDate }: PaymentCorrection, { changes }: KnownPayment, at: string,
): 'payment/date-before-previous-status' | 'payment/invalid-date' | null {
  if (paymentDate === undefined) return null;
  const [first] = changes;
  if (first && first.on < paymentDate) return 'payment/date-before-previous-status';
  const latest = latestDates(at);
  return latest && paymentDate > latest.payment ? 'payment/invalid-date' : null;
}

/** Corrects what was recorded wrongly; what happened to the payment since has facts of its own. */
function correct(command: CorrectPayment, state: PaymentState): PaymentDecision {
  if (state.status === 'none') return refuse('payment/unknown');
  const { paymentId, reason, by, at } = command;
  if (reason.trim() === '') return refuse('payment/reason-required');
  const wrong = wordsProblem(reason);
  if (wrong) return refuse(wrong);
  if (!Object.keys(command.correction).every(isCorrectable)) return refuse('payment/not-correctable');
  const correction = changesOf(command.correction, state.details);
  if (Object.keys(correction).length === 0) return [];
  const problem = detailProblem({ ...state.details, ...correction });
  if (problem) return refuse(problem.code);
  const contradiction = dateProblem(correction, state, at);
  if (contradiction) return refuse(contradiction);
  // A closed code is known, and may be put right to: the payment may have been made before its branch closed.
  if (correction.bankCode !== undefined && !command.bank?.exists) return refuse('payment/unknown-bank-code');
  const corrected = { paymentId, correction, reason, correctedBy: by, correctedAt: at };
  return [{ type: 'PaymentCorrected', data: corrected }];
}
