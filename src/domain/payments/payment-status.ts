import type {
  PaymentCorrected, PaymentFact, PaymentRecorded, PaymentStatus, ReturnReason,
} from './payment.events.js';

/** What every later status comes with; `on` is the delivering side's own ISO date. */
interface Change { readonly paymentId: string; readonly batchId: string; readonly on: string }
export interface RecordRemittance extends Change { readonly type: 'RecordRemittance'; readonly note?: string }
export interface RecordReturn extends Change {
  readonly type: 'RecordReturn'; readonly reason: ReturnReason; readonly explanation?: string;
}
export interface Reissue extends Change { readonly type: 'Reissue'; readonly note?: string }
export interface IssueChequeInstead extends Change {
  readonly type: 'IssueChequeInstead'; readonly note?: string;
}
export interface CancelPayment extends Change { readonly type: 'CancelPayment'; readonly reason: string }
export type StatusCommand = RecordRemittance | RecordReturn | Reissue | IssueChequeInstead | CancelPayment;

/** One line of a payment's history. The words are part of what tells a new line from one delivered again. */
export interface StatusChange {
  readonly status: PaymentStatus;
  readonly on: string;
  readonly reason?: string;
  readonly note?: string;
}

/**
 * 已匯款 says that the money was sent, not that it arrived: 退匯 may follow days later. What was returned
 * is sent once more, replaced by a cheque, or given up. Nothing leads back.
 */
const followers: Readonly<Record<PaymentStatus, readonly PaymentStatus[]>> = {
  待匯款: ['已匯款', '改簽支票', '註銷'],
  已匯款: ['退匯'],
  退匯: ['重匯', '改簽支票', '註銷'],
  重匯: ['退匯'],
  改簽支票: ['註銷'],
  註銷: [],
};

export const mayFollow = (next: PaymentStatus, current: PaymentStatus): boolean =>
  followers[current].includes(next);

export const isSameChange = (a: StatusChange, b: StatusChange): boolean =>
  a.status === b.status && a.on === b.on && a.reason === b.reason && a.note === b.note;

export type StatusFact = Exclude<PaymentFact, PaymentRecorded | PaymentCorrected>;

/**
 * The fact a change of status would be. Empty words are left out: absent and empty must not look like two
 * different changes.
 */
export function statusFactOf(command: StatusCommand): StatusFact {
  const { paymentId, batchId, on } = command;
  switch (command.type) {
    case 'RecordRemittance': {
      return { type: 'RemittanceRecorded', data: { paymentId, remittedOn: on, ...noted(command), batchId } };
    }
    case 'RecordReturn': {
      const { reason } = command;
      const words = command.explanation ? { explanation: command.explanation } : {};
      return { type: 'RemittanceReturned', data: { paymentId, reason, ...words, returnedOn: on, batchId } };
    }
    case 'Reissue': {
      return { type: 'PaymentReissued', data: { paymentId, reissuedOn: on, ...noted(command), batchId } };
    }
    case 'IssueChequeInstead': {
      return { type: 'ChequeIssuedInstead', data: { paymentId, issuedOn: on, ...noted(command), batchId } };
    }
    case 'CancelPayment': {
      const { reason } = command;
      return { type: 'PaymentCancelled', data: { paymentId, cancelledOn: on, reason, batchId } };
    }
  }
}

const noted = ({ note }: { readonly note?: string }): { note?: string } => (note ? { note } : {});

/** What a fact adds to the history. */
export function statusChangeOf(fact: StatusFact): StatusChange {
  switch (fact.type) {
    case 'RemittanceRecorded': return { status: '已匯款', on: fact.data.remittedOn, ...noted(fact.data) };
    case 'RemittanceReturned': {
      const { reason, explanation, returnedOn } = fact.data;
      return { status: '退匯', on: returnedOn, reason, ...noted({ note: explanation }) };
    }
    case 'PaymentReissued': return { status: '重匯', on: fact.data.reissuedOn, ...noted(fact.data) };
    case 'ChequeIssuedInstead': return { status: '改簽支票', on: fact.data.issuedOn, ...noted(fact.data) };
    case 'PaymentCancelled': {
      return { status: '註銷', on: fact.data.cancelledOn, reason: fact.data.reason };
    }
  }
}
