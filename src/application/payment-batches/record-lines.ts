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
  /** How the file is cut: the same to its end, also where a release that cuts otherwise takes it up. */
  readonly linesPerChunk: number;
  readonly chunks: number;
  readonly lines: number;
}
export const nothingRecorded = (linesPerChunk: number): RecordingProgress =>
  ({ linesPerChunk, chunks: 0, lines: 0, payments: 0, statusChanges: 0, alreadyKnown: 0 });

/** The log did not answer, or others kept changing the same payments. Trying the same chunk again is safe. */
export class RecordingInterrupted extends Error {
  override readonly name = 'RecordingInterrupted';
}

const maxAttempts = 8;

/** Some of the payments were in the log already: decide again, with their history. */
export const notAllNew = 'not-all-new';

/**
 * Records one chunk of an accepted file under a command id of its own, so that it happens once however often
 * it is tried. Nearly always every payment is new: that is assumed without asking, and the log's own check of
 * revisions tells if it was wrong. Once the facts are on their way nothing here holds on to the lines: what a
 * chunk needs in memory is the bytes that are being sent.
 */
export async function recordNewLines(
  log: EventLog, lines: readonly BatchLine[], meta: AppendMeta,
): Promise<RecordedCounts | typeof notAllNew> {
  const known = await loadPayments(log, [...changedPayments(lines)], meta.commandId);
  const paymentIds = lines.map(({ paymentId }) => paymentId);
  const { writes, counts } = decideInOrder(lines, known);
  return settled(log, { paymentIds, counts, meta }, log.append(writes, meta));
}

/** The same where payments may be known: with the history of all of them, and again when that has changed. */
export async function recordLines(
  log: EventLog, lines: readonly BatchLine[], meta: AppendMeta,
): Promise<RecordedCounts> {
  const paymentIds = lines.map(({ paymentId }) => paymentId);
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const { writes, counts } = decideInOrder(lines, await loadPayments(log, paymentIds, meta.commandId));
    const result = await settled(log, { paymentIds, counts, meta }, log.append(writes, meta));
    if (result !== notAllNew) return result;
  }
  throw new RecordingInterrupted('others keep changing the same payments');
}

interface Chunk {
  readonly paymentIds: readonly string[];
  readonly counts: RecordedCounts;
  readonly meta: AppendMeta;
}

async function settled(
  log: EventLog, { paymentIds, counts, meta }: Chunk, appending: Promise<AppendResult>,
): Promise<RecordedCounts | typeof notAllNew> {
  const result = await appending;
  switch (result.kind) {
    case 'appended': return result.replayed ? countEarlier(log, paymentIds, meta.commandId) : counts;
    case 'conflict': return notAllNew;
    case 'unknown': throw new RecordingInterrupted(result.cause);
    case 'command-id-reused': throw new Error('the command id of a chunk was used for another file');
  }
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

/** Payments that these lines tell a later status of; usually a few among thousands of new ones. */
export const changedPayments = (lines: readonly BatchLine[]): ReadonlySet<string> =>
  new Set(lines.filter((line) => !isPaymentLine(line)).map(({ paymentId }) => paymentId));

/** New payments that no other line is about are decided as such; only the rest needs its history. */
function decideInOrder(lines: readonly BatchLine[], known: ReadonlyMap<string, KnownState>): Decided {
  const changed = changedPayments(lines);
  const newLines: BatchLine[] = [];
  const otherLines: BatchLine[] = [];
  for (const line of lines) {
    const needsHistory = changed.has(line.paymentId) || known.has(line.paymentId);
    (needsHistory ? otherLines : newLines).push(line);
  }
  const alone = decideNew(newLines);
  const together = decideTogether(otherLines, known);
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
  log: EventLog, paymentIds: readonly string[], commandId: string,
): Promise<RecordedCounts> {
  let payments = 0;
  let statusChanges = 0;
  for (const { ownFacts } of (await loadPayments(log, [...new Set(paymentIds)], commandId)).values()) {
    const recorded = ownFacts.filter(({ type }) => type === 'PaymentRecorded').length;
    payments += recorded;
    statusChanges += ownFacts.length - recorded;
  }
  return { payments, statusChanges, alreadyKnown: paymentIds.length - payments - statusChanges };
}
