import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { actor, batchId, count, errorCode, fieldName, instant, sha256, yuan } from './fields.js';

const paymentBatchAccepted = z.strictObject({
  batchId,
  fileHash: sha256,
  issuedAt: instant,
  totals: z.strictObject({ payments: count, invoices: count, amount: yuan }),
  statusChanges: count,
  deliveredBy: actor,
  acceptedAt: instant,
});

const batchError = z.strictObject({ line: count, code: errorCode, field: fieldName.optional() });

const paymentBatchRefused = z.strictObject({
  batchId,
  fileHash: sha256,
  /** A fact stays of bounded size however wrong the file is: the rule book reports the first thousand. */
  errors: z.array(batchError).max(1_000),
  errorCount: count,
  deliveredBy: actor,
  refusedAt: instant,
});

const paymentBatchCompleted = z.strictObject({
  batchId,
  recorded: z.strictObject({ payments: count, statusChanges: count, alreadyKnown: count }),
  completedAt: instant,
});

export const paymentBatchSchemas = {
  PaymentBatchAccepted: factSchema('PaymentBatchAccepted', { versions: [paymentBatchAccepted] }),
  PaymentBatchRefused: factSchema('PaymentBatchRefused', { versions: [paymentBatchRefused] }),
  PaymentBatchCompleted: factSchema('PaymentBatchCompleted', { versions: [paymentBatchCompleted] }),
};
