import type { Fact } from '../decider.js';

export interface BatchTotals { readonly payments: number; readonly invoices: number; readonly amount: number }

/** One thing wrong in a delivered file. Lines count from 1; codes are stable; never a value of the file. */
export interface BatchError { readonly line: number; readonly code: string; readonly field?: string }

/** The whole file was found valid; from here on it completes exactly once. */
export type PaymentBatchAccepted = Fact<'PaymentBatchAccepted', {
  readonly batchId: string;
  /** SHA-256 of the file's bytes, hex: tells the same file from another one under the same batch id. */
  readonly fileHash: string;
  /** The delivering agency's own time in the header record, ISO instant. */
  readonly issuedAt: string;
  readonly totals: BatchTotals;
  readonly statusChanges: number;
  readonly deliveredBy: string;
  readonly acceptedAt: string;
}>;
export type PaymentBatchRefused = Fact<'PaymentBatchRefused', {
  readonly batchId: string;
  readonly fileHash: string;
  /** The first 1,000; `errorCount` counts all. */
  readonly errors: readonly BatchError[];
  readonly errorCount: number;
  readonly deliveredBy: string;
  readonly refusedAt: string;
}>;
export type PaymentBatchCompleted = Fact<'PaymentBatchCompleted', {
  readonly batchId: string;
  readonly recorded: {
    readonly payments: number; readonly statusChanges: number; readonly alreadyKnown: number;
  };
  readonly completedAt: string;
}>;

export type PaymentBatchFact = PaymentBatchAccepted | PaymentBatchRefused | PaymentBatchCompleted;
