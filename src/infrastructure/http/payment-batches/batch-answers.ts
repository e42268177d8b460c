import { z } from 'zod';
import type { Delivery, DeliveryOutcome } from '../../../application/payment-batches/batch-intake.js';
import type { BatchError } from '../../../domain/payment-batches/payment-batch.events.js';
import type { BatchCase } from '../../../projections/payment-batches/find-batch.js';
import { batchStatuses } from '../../../projections/payment-batches/payment-batches.projection.js';
import type { RefusalCode } from '../refusals.js';
import { refusals } from '../refusals.js';
import { next, paging, params, query, yuan } from '../schemas.js';

const text = z.string();
const count = z.int().min(0);

export const batchParams = params({ batchId: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/) });
export const deliveryParams = params({ deliveryId: z.uuid() });
export const batchQuery = query({});
export const batchesQuery = query(paging);
export interface BatchesAsked { readonly limit: number; readonly cursor?: string }

const totals = z.object({ payments: count, invoices: count, amount: yuan });
const recorded = z.object({
  payments: count, statusChanges: count,
  alreadyKnown: count.meta({ description: 'delivered before: nothing added' }),
});

export const deliveredAnswer = z.object({
  batchId: text, status: z.literal('completed'), alreadyRecorded: z.boolean(), issuedAt: text, totals,
  statusChanges: count, recorded, position: text,
}).meta({ id: 'DeliveredBatch' });

const progress = {
  deliveryId: z.uuid(), batchId: text.nullable(),
  phase: z.enum(['received', 'validating', 'recording', 'finished']),
  bytes: count, linesChecked: count, linesRecorded: count, receivedAt: text,
};
export const progressAnswer = z.object(progress).meta({ id: 'BatchDelivery' });
export type ProgressAnswer = z.output<typeof progressAnswer>;

const lineError = z.object({
  line: z.int(), code: text, field: text.optional(), title: text.meta({ description: '中文 / English' }),
});
export type LineError = z.output<typeof lineError>;
const errors = z.array(lineError).meta({ description: 'the first 1,000 by line' });

export const deliveryAnswer = z.object({
  ...progress,
  outcome: z.enum(['completed', 'refused']).nullable().meta({ description: 'null until it is finished' }),
  errorCount: count, errors,
}).meta({ id: 'BatchDeliveryCase' });
export type DeliveryAnswer = z.output<typeof deliveryAnswer>;

const verdict = {
  batchId: text, fileHash: text, issuedAt: text.nullable(), totals: totals.nullable(),
  statusChanges: count.nullable(), recorded: recorded.nullable(), errorCount: count, deliveredBy: text,
  judgedAt: text.nullable(), completedAt: text.nullable(), position: text.nullable(),
};
const batch = z.object({ ...verdict, status: z.enum(batchStatuses) }).meta({ id: 'Batch' });

export const batchesAnswer = z.object({ batches: z.array(batch), next }).meta({ id: 'Batches' });

export const batchAnswer = z.object({
  ...verdict,
  status: z.enum(['received', 'validating', 'recording', ...batchStatuses]),
  errors,
  otherFiles: z.array(batch).meta({ description: 'files that came under the same id and do not count' }),
  progress: progressAnswer.nullable().meta({ description: 'of the latest delivery under this id' }),
}).meta({ id: 'BatchCase' });
export type BatchAnswer = z.output<typeof batchAnswer>;

/** Codes of lines are refusals too, and are told in the same words. */
export const lineErrors = (found: readonly BatchError[]): LineError[] =>
  found.map(({ line, code, field }) => ({ line, code, field, title: titleOf(code) }));

function titleOf(code: string): string {
  if (!Object.hasOwn(refusals, code)) return code;
  const { zh, en } = refusals[code as RefusalCode];
  return `${zh} / ${en}`;
}

export const progressOf = (delivery: Delivery): ProgressAnswer => ({
  deliveryId: delivery.deliveryId, batchId: delivery.batchId, phase: delivery.phase, bytes: delivery.bytes,
  linesChecked: delivery.linesChecked, linesRecorded: delivery.linesRecorded, receivedAt: delivery.receivedAt,
});

/** Of a file whose header names no batch, nothing but its delivery can tell what was wrong with it. */
export function deliveryOf(delivery: Delivery): DeliveryAnswer {
  const { outcome } = delivery;
  const wrong = outcome?.kind === 'refused' ? outcome : { errorCount: 0, errors: [] };
  return {
    ...progressOf(delivery), outcome: outcome?.kind ?? null, errorCount: wrong.errorCount,
    errors: lineErrors(wrong.errors),
  };
}

export type Completed = Extract<DeliveryOutcome, { kind: 'completed' }>;
export function deliveredOf({ kind: status, ...outcome }: Completed): z.output<typeof deliveredAnswer> {
  return { ...outcome, status };
}

/** The verdict as the table has it; before that, what the work on the file knows. */
export function batchOf(found: BatchCase | null, delivery: Delivery | null): BatchAnswer | null {
  const latest = delivery === null ? null : progressOf(delivery);
  if (found !== null) {
    const { otherFiles } = found;
    return { ...found, errors: lineErrors(found.errors), otherFiles: [...otherFiles], progress: latest };
  }
  if (delivery === null || delivery.batchId === null) return null;
  const { batchId, fileHash, deliveredBy, outcome, phase } = delivery;
  const status = outcome?.kind ?? (phase === 'finished' ? 'recording' : phase);
  const known = { batchId, fileHash, deliveredBy, judgedAt: null, completedAt: null, otherFiles: [] };
  return { ...known, ...resultOf(outcome), progress: latest, status };
}

type Result = Pick<
  BatchAnswer, 'issuedAt' | 'totals' | 'statusChanges' | 'recorded' | 'errorCount' | 'errors' | 'position'>;

function resultOf(outcome: DeliveryOutcome | null): Result {
  const nothing = {
    issuedAt: null, totals: null, statusChanges: null, recorded: null, errorCount: 0, errors: [],
  };
  switch (outcome?.kind) {
    case undefined: return { ...nothing, position: null };
    case 'refused': {
      const { errorCount, errors: found, position } = outcome;
      return { ...nothing, errorCount, errors: lineErrors(found), position };
    }
    case 'completed': {
      const { issuedAt, totals: all, statusChanges, recorded: added, position } = outcome;
      return { ...nothing, issuedAt, totals: all, statusChanges, recorded: added, position };
    }
  }
}
