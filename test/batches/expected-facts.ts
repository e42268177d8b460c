import type { BatchLine } from '../../src/application/payment-batches/batch-lines.js';
import { isPaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import type { RecordedCounts } from '../../src/application/payment-batches/record-lines.js';
import { idOfStream, paymentStream } from '../../src/application/stream-names.js';
import { isRefusal } from '../../src/domain/decider.js';
import type { PaymentFact } from '../../src/domain/payments/payment.events.js';
import type { PaymentState } from '../../src/domain/payments/payment.js';
import { paymentDecider } from '../../src/domain/payments/payment.js';
import type { BatchTreasury } from './batch-treasury.js';
import { bankCodes } from './batch-treasury.js';
import { read } from './reading-batches.js';

interface Expected {
  readonly batchId: string;
  readonly facts: ReadonlyMap<string, readonly PaymentFact[]>;
  readonly recorded: RecordedCounts;
}

/** What a valid file leaves in an empty log: line after line, one payment at a time, all in memory. */
async function expectedFacts(text: string): Promise<Expected> {
  const { lines, records } = await read(text, bankCodes);
  const facts = new Map<string, PaymentFact[]>();
  for (const { paymentId, command } of lines) {
    const before = facts.get(paymentId) ?? [];
    const state = before.reduce<PaymentState>(paymentDecider.evolve, paymentDecider.initial);
    const decision = paymentDecider.decide(command, state);
    if (isRefusal(decision)) throw new Error(decision.refused);
    facts.set(paymentId, [...before, ...decision]);
  }
  const statusChanges = lines.filter((line: BatchLine) => !isPaymentLine(line)).length;
  return {
    batchId: records.header?.batchId ?? '', facts,
    recorded: { payments: facts.size, statusChanges, alreadyKnown: 0 },
  };
}

/**
 * What differs between the log and what the file, recorded once and without incident, would have left
 * there.
 */
export async function problemsOf(treasury: BatchTreasury, text: string, outcome: object): Promise<string[]> {
  const { facts, batchId, recorded } = await expectedFacts(text);
  const problems: string[] = [];
  const compare = (what: string, actual: unknown, expected: unknown): void => {
    if (JSON.stringify(actual) !== JSON.stringify(expected)) problems.push(what);
  };
  const stored = new Map<string, object[]>();
  const streams = [...facts.keys()].map(paymentStream);
  for await (const { stream, type, data } of treasury.log.readStreams(streams)) {
    const paymentId = idOfStream(stream);
    stored.set(paymentId, [...stored.get(paymentId) ?? [], { type, data }]);
  }
  for (const [paymentId, expected] of facts) compare(paymentId, stored.get(paymentId), expected);
  const { kind, alreadyRecorded, recorded: counted } = outcome as Record<string, unknown>;
  compare('outcome', [kind, alreadyRecorded, counted], ['completed', false, recorded]);
  compare('batch', await treasury.batchFacts(batchId), ['PaymentBatchAccepted', 'PaymentBatchCompleted']);
  return problems;
}
