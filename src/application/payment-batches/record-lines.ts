import { isRefusal } from '../../domain/decider.js';
import type { PaymentFact } from '../../domain/payments/payment.events.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { AppendMeta, AppendResult, EventLog, Write } from '../event-log.js';
import { noStream } from '../event-log.js';
import { paymentStream } from '../stream-names.js';
import type { BatchLine } from './batch-lines.js';
import { isPaymentLine } from './batch-lines.js';
import type { KnownState } from './payment-states.js';
import { loadPayments, unknownPayment } from './payment-states.js';

/** What the lines so far came to. `alreadyKnown` counts lines that had nothing to add. */
export interface RecordedCounts {
  readonly payments: number;
  readonly statusChanges: number;
  readonly alreadyKnown: number;
}
/** How far an accepted file has been recorded: survives a crash as far as it was written down. */
export interface RecordingProgress extends RecordedCounts {
  readonly chunks: number;
  readonly lines: number;
}
export const nothingRecorded: RecordingProgress =
  { chunks: 0, lines: 0, payments: 0, statusChanges: 0, alreadyKnown: 0 };

/** The log did not answer, or others kept changing the same payments. Trying the same chunk again is safe. */
export class RecordingInterrupted extends Error {
  override readonly name = 'RecordingInterrupted';
}

const maxAttempts = 8;

/**
 * Records one chunk of an accepted file under a command id of its own, so that it happens once however often
 * it is tried. Usually every payment is new: that is tried first without asking (`expectNew`), and the log's
 * own check of revisions tells if it was wrong.
 */
export async function recordLines(
  log: EventLog, lines: readonly BatchLine[], meta: AppendMeta, expectNew: boolean,
): Promise<RecordedCounts> {
  let assumedNew = expectNew;
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const asked = assumedNew ? lines.filter((line) => !isPaymentLine(line)) : lines;
    const known = await loadPayments(log, asked.map(({ paymentId }) => paymentId), meta.commandId);
    const decided = asked.length === 0 ? decideNew(lines) : decideInOrder(lines, known);
    const result = await log.append(decided.writes, meta);
    if (result.kind === 'appended') {
      return result.replayed ? countEarlier(log, lines, meta.commandId) : decided.counts;
    }
    assumedNew = false;
    throwUnlessConflict(result);
  }
  throw new RecordingInterrupted('others keep changing the same payments');
}

interface Decided { readonly writes: readonly Write[]; readonly counts: RecordedCounts }

/** The path of nearly every chunk, a million payments long: one payment, one stream, one fact. */
function decideNew(lines: readonly BatchLine[]): Decided {
  const writes: Write[] = [];
  for (const { paymentId, command } of lines) {
    const facts = paymentDecider.decide(command, paymentDecider.initial);
    if (isRefusal(facts)) throw new Error(`refused after its file was accepted: ${facts.refused}`);
    writes.push({ stream: paymentStream(paymentId), expectedRevision: noStream, facts });
  }
  return { writes, counts: { payments: lines.length, statusChanges: 0, alreadyKnown: 0 } };
}

interface Pending extends KnownState { readonly facts: readonly PaymentFact[] }

/** New payments that no other line is about are decided as such; only the rest needs its history. */
function decideInOrder(lines: readonly BatchLine[], known: ReadonlyMap<string, KnownState>): Decided {
  const changed = new Set(lines.filter((line) => !isPaymentLine(line)).map(({ paymentId }) => paymentId));
  const needsHistory = ({ paymentId }: BatchLine): boolean => changed.has(paymentId) || known.has(paymentId);
  const alone = decideNew(lines.filter((line) => !needsHistory(line)));
  const together = decideTogether(lines.filter(needsHistory), known);
  const { payments, statusChanges, alreadyKnown } = together.counts;
  return {
    writes: [...alone.writes, ...together.writes],
    counts: { payments: alone.counts.payments + payments, statusChanges, alreadyKnown },
  };
}

function decideTogether(lines: readonly BatchLine[], known: ReadonlyMap<string, KnownState>): Decided {
  const pending = new Map<string, Pending>();
  const counts = { payments: 0, statusChanges: 0, alreadyKnown: 0 };
  for (const line of lines) {
    const { paymentId, command } = line;
    const before = pending.get(paymentId) ?? { ...(known.get(paymentId) ?? unknownPayment), facts: [] };
    const decision = paymentDecider.decide(command, before.state);
    // The whole file was judged before: only what another command did to the payment since can be in the way.
    const facts = isRefusal(decision) ? [] : decision;
    if (facts.length === 0) counts.alreadyKnown++;
    else if (isPaymentLine(line)) counts.payments++;
    else counts.statusChanges++;
    pending.set(paymentId, {
      ...before, state: facts.reduce(paymentDecider.evolve, before.state), facts: [...before.facts, ...facts],
    });
  }
  return { writes: writesOf(pending), counts };
}

function writesOf(pending: ReadonlyMap<string, Pending>): Write[] {
  const writes: Write[] = [];
  for (const [paymentId, { revision, facts }] of pending) {
    if (facts.length === 0) continue;
    writes.push({ stream: paymentStream(paymentId), expectedRevision: revision, facts });
  }
  return writes;
}

/** What an earlier attempt stored, counted from the log itself: its counts died with it. */
async function countEarlier(
  log: EventLog, lines: readonly BatchLine[], commandId: string,
): Promise<RecordedCounts> {
  const known = await loadPayments(log, lines.map(({ paymentId }) => paymentId), commandId);
  let payments = 0;
  let statusChanges = 0;
  for (const { ownFacts } of known.values()) {
    const recorded = ownFacts.filter(({ type }) => type === 'PaymentRecorded').length;
    payments += recorded;
    statusChanges += ownFacts.length - recorded;
  }
  return { payments, statusChanges, alreadyKnown: lines.length - payments - statusChanges };
}

function throwUnlessConflict(result: Exclude<AppendResult, { kind: 'appended' }>): void {
  switch (result.kind) {
    case 'conflict': return;
    case 'unknown': throw new RecordingInterrupted(result.cause);
    case 'command-id-reused': throw new Error('the command id of a chunk was used for another file');
  }
}
