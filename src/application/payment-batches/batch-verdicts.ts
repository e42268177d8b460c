import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import type { AppendMeta, EventLog, Position, StoredFact } from '../event-log.js';
import { handle } from '../handle.js';
import { paymentBatchStream } from '../stream-names.js';
import type {
  BatchError, PaymentBatchAccepted, PaymentBatchCompleted,
} from '../../domain/payment-batches/payment-batch.events.js';
import type { PaymentBatchCommand, PaymentBatchRefusal } from '../../domain/payment-batches/payment-batch.js';
import { paymentBatchDecider } from '../../domain/payment-batches/payment-batch.js';
import type { Delivery, DeliveryOutcome } from './batch-intake.js';
import { RecordingInterrupted } from './record-lines.js';

const verdictNamespace = namespaceOf('5aabe0c2-0838-44a5-ba44-00eeb112c311');

/**
 * What the log says of a batch: `accepted` is the one file that counts, `completed` that all of it is
 * recorded.
 */
export interface BatchHistory {
  readonly accepted: PaymentBatchAccepted['data'] | null;
  readonly completed: { readonly data: PaymentBatchCompleted['data']; readonly position: Position } | null;
}

export async function historyOf(log: EventLog, batchId: string): Promise<BatchHistory> {
  let history: BatchHistory = { accepted: null, completed: null };
  for await (const fact of log.readStream(paymentBatchStream(batchId))) history = withFact(history, fact);
  return history;
}

function withFact(history: BatchHistory, fact: StoredFact): BatchHistory {
  if (fact.type === 'PaymentBatchAccepted') return { ...history, accepted: fact.data };
  if (fact.type !== 'PaymentBatchCompleted') return history;
  return { ...history, completed: { data: fact.data, position: fact.position } };
}

/** What the delivering side is told of a batch whose every line is in the log. */
export function completedOutcome(history: BatchHistory, alreadyRecorded: boolean): DeliveryOutcome {
  const { accepted, completed } = history;
  if (!accepted || !completed) throw new Error('a batch is completed only after it was accepted');
  const { batchId, issuedAt, totals, statusChanges } = accepted;
  const { data: { recorded }, position } = completed;
  return { kind: 'completed', alreadyRecorded, batchId, issuedAt, totals, statusChanges, recorded, position };
}

/** Puts a verdict into the log, or says why the rules of batches forbid it. */
export async function pronounce(
  log: EventLog, delivery: Delivery, verdict: PaymentBatchCommand, at: string,
): Promise<{ readonly position: Position | null } | { readonly refused: PaymentBatchRefusal }> {
  const outcome = await handle(log, paymentBatchDecider, paymentBatchStream(verdict.batchId), {
    command: verdict, meta: metaOf(delivery, verdict, at),
  });
  switch (outcome.outcome) {
    case 'done': return { position: outcome.position };
    case 'unknown': throw new RecordingInterrupted(outcome.cause);
    case 'refused': {
      if (outcome.code === 'command/busy' || outcome.code === 'command/id-reused') {
        throw new RecordingInterrupted(outcome.code);
      }
      return { refused: outcome.code };
    }
  }
}

/** One command per delivery and verdict: pronounced again after a crash, it is stored once. */
function metaOf(delivery: Delivery, verdict: PaymentBatchCommand, at: string): AppendMeta {
  return {
    commandId: nameBasedUuid(verdictNamespace, JSON.stringify([delivery.deliveryId, verdict.type])),
    fingerprint: delivery.fileHash,
    by: delivery.deliveredBy,
    at,
    correlationId: delivery.correlationId,
  };
}

/** A delivery that is refused without a fact: the batch id belongs to another file, or cannot be read. */
export const refusedOutcome = (
  batchId: string | null, errors: readonly BatchError[], errorCount: number, position: Position | null = null,
): DeliveryOutcome => ({ kind: 'refused', batchId, errors, errorCount, position });
