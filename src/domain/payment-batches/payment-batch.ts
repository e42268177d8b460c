import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import type {
  BatchError, BatchTotals, PaymentBatchCompleted, PaymentBatchFact,
} from './payment-batch.events.js';

/** The whole file was read and nothing was found wrong in it. */
export interface AcceptBatch {
  readonly type: 'AcceptBatch';
  readonly batchId: string;
  readonly fileHash: string;
  readonly issuedAt: string;
  readonly totals: BatchTotals;
  readonly statusChanges: number;
  readonly by: string;
  readonly at: string;
}
/** `errors` by line; however many are given, `reportedErrors` of them are kept. */
export interface RefuseBatch {
  readonly type: 'RefuseBatch';
  readonly batchId: string;
  readonly fileHash: string;
  readonly errors: readonly BatchError[];
  readonly errorCount: number;
  readonly by: string;
  readonly at: string;
}
/** Every payment of the accepted file is in the log. */
export interface CompleteBatch {
  readonly type: 'CompleteBatch';
  readonly batchId: string;
  readonly recorded: PaymentBatchCompleted['data']['recorded'];
  readonly at: string;
}
export type PaymentBatchCommand = AcceptBatch | RefuseBatch | CompleteBatch;

export const paymentBatchRefusals = [
  'batch/invalid-id', 'batch/id-reused', 'batch/already-accepted', 'batch/no-errors', 'batch/not-accepted',
] as const;
export type PaymentBatchRefusal = (typeof paymentBatchRefusals)[number];
export type PaymentBatchDecision = Decision<PaymentBatchFact, PaymentBatchRefusal>;

export type PaymentBatchState =
  | { readonly status: 'none' }
  | { readonly status: 'refused'; readonly fileHash: string; readonly errors: readonly BatchError[] }
  | { readonly status: 'accepted' | 'completed'; readonly fileHash: string };

export function evolve(state: PaymentBatchState, fact: PaymentBatchFact): PaymentBatchState {
  switch (fact.type) {
    case 'PaymentBatchRefused':
      return { status: 'refused', fileHash: fact.data.fileHash, errors: fact.data.errors };
    case 'PaymentBatchAccepted': return { status: 'accepted', fileHash: fact.data.fileHash };
    case 'PaymentBatchCompleted':
      return state.status === 'accepted' ? { status: 'completed', fileHash: state.fileHash } : state;
  }
}

export function decide(command: PaymentBatchCommand, state: PaymentBatchState): PaymentBatchDecision {
  const isIdRight = state.status === 'none' ? isNewBatchId : isBatchId;
  if (!isIdRight(command.batchId)) return refuse('batch/invalid-id');
  switch (command.type) {
    case 'AcceptBatch': return accept(command, state);
    case 'RefuseBatch': return refuseBatch(command, state);
    case 'CompleteBatch': return complete(command, state);
  }
}

export const paymentBatchDecider:
Decider<PaymentBatchCommand, PaymentBatchState, PaymentBatchFact, PaymentBatchRefusal> = {
  initial: { status: 'none' }, evolve, decide,
};

/** Chosen by who delivers; it stands in addresses and file names. */
export const isBatchId = (text: string): boolean => /^[A-Za-z0-9._-]{1,64}$/.test(text);

/** `.` and `..` are no name in any address. Ids of before may begin with a sign, and stay what they are. */
export const isNewBatchId = (text: string): boolean => isBatchId(text) && /^[A-Za-z0-9]/.test(text);

/** More would not help who has to mend the file, and a fact must stay of bounded size. */
export const reportedErrors = 1_000;

/** A corrected file under a refused id is welcome; another file under an accepted one never is. */
function accept(command: AcceptBatch, state: PaymentBatchState): PaymentBatchDecision {
  const { batchId, fileHash, issuedAt, totals, statusChanges, by, at } = command;
  switch (state.status) {
    case 'none':
    case 'refused': return [{ type: 'PaymentBatchAccepted', data: {
      batchId, fileHash, issuedAt, totals, statusChanges, deliveredBy: by, acceptedAt: at,
    } }];
    case 'accepted':
    case 'completed': return state.fileHash === fileHash ? [] : refuse('batch/id-reused');
  }
}

/** The same file may be wrong in another way today, a bank code closed since; that is worth a fact. */
function refuseBatch(command: RefuseBatch, state: PaymentBatchState): PaymentBatchDecision {
  const { batchId, fileHash, errorCount, by, at } = command;
  if (state.status === 'accepted' || state.status === 'completed') {
    return refuse(state.fileHash === fileHash ? 'batch/already-accepted' : 'batch/id-reused');
  }
  const errors = command.errors.slice(0, reportedErrors);
  if (errors.length === 0) return refuse('batch/no-errors');
  const told = state.status === 'refused' && state.fileHash === fileHash && sameErrors(state.errors, errors);
  if (told) return [];
  return [{ type: 'PaymentBatchRefused', data: {
    batchId, fileHash, errors, errorCount, deliveredBy: by, refusedAt: at,
  } }];
}

const sameErrors = (a: readonly BatchError[], b: readonly BatchError[]): boolean =>
  a.length === b.length && a.every(({ line, code, field }, i) =>
    line === b[i]?.line && code === b[i]?.code && field === b[i]?.field);

function complete(command: CompleteBatch, state: PaymentBatchState): PaymentBatchDecision {
  const { batchId, recorded, at } = command;
  switch (state.status) {
    case 'none':
    case 'refused': return refuse('batch/not-accepted');
    case 'accepted': return [{ type: 'PaymentBatchCompleted', data: { batchId, recorded, completedAt: at } }];
    case 'completed': return [];
  }
}
