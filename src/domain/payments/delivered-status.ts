import type { Refusal } from '../decider.js';
import { refuse } from '../decider.js';
import { parseDate } from '../roc-date.js';
import type { PaymentRefusal } from './payment.js';
import type { StatusCommand } from './payment-status.js';
import type { ReturnReason } from './payment.events.js';
import { paymentStatuses, returnReasons } from './payment.events.js';

/** A later status of a known payment as a file tells it: words and dates still text. */
export interface DeliveredStatus {
  readonly paymentId: string;
  readonly batchId: string;
  readonly status: string;
  /** 民國 or ISO. */
  readonly date: string;
  /** 退匯: one of the reasons, or `其他：` and free words. Other statuses: free words, or nothing. */
  readonly reason: string;
}

/** Which command a delivered status stands for, or why it stands for none. */
export function statusCommandOf(delivered: DeliveredStatus): StatusCommand | Refusal<PaymentRefusal> {
  const { paymentId, batchId, status } = delivered;
  if (!isPaymentStatus(status)) return refuse('payment/unknown-status');
  const on = parseDate(delivered.date);
  if (on === null) return refuse('payment/invalid-date');
  const words = delivered.reason.trim();
  const change = { paymentId, batchId, on };
  const noted = words === '' ? change : { ...change, note: words };
  switch (status) {
    // Nothing comes before 待匯款, so it is never a later status.
    case '待匯款': return refuse('payment/status-not-allowed');
    case '已匯款': return { type: 'RecordRemittance', ...noted };
    case '重匯': return { type: 'Reissue', ...noted };
    case '改簽支票': return { type: 'IssueChequeInstead', ...noted };
    case '註銷': return { type: 'CancelPayment', ...change, reason: words };
    case '退匯': {
      const returned = returnReasonOf(words);
      return 'refused' in returned ? returned : { type: 'RecordReturn', ...change, ...returned };
    }
  }
}

const isPaymentStatus = (word: string): word is (typeof paymentStatuses)[number] =>
  (paymentStatuses as readonly string[]).includes(word);

type Returned = { readonly reason: ReturnReason; readonly explanation?: string };

/** Only 其他 takes words of its own, behind a colon of either width. */
function returnReasonOf(words: string): Returned | Refusal<PaymentRefusal> {
  if (words === '') return refuse('payment/reason-required');
  const listed = returnReasons.find((reason) => reason === words);
  if (listed) return { reason: listed };
  const explanation = /^其他[：:]\s*(.*)$/s.exec(words)?.[1];
  if (explanation === undefined) return refuse('payment/unknown-return-reason');
  return explanation === '' ? { reason: '其他' } : { reason: '其他', explanation };
}
