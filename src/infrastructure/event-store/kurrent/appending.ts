import type { AppendResult, Position } from '../../../application/event-log.js';
import { comparePositions, noStream } from '../../../application/event-log.js';
import type { EncodedMeta, EncodedWrite } from '../event-store.js';
import { StoreBusy } from '../store-busy.js';
import { inParallel } from './call-slots.js';
import { causeOf, isBusy, isLoss } from './failures.js';
import type { Receipts, Recalled, Target } from './receipts.js';
import { answerOf } from './receipts.js';
import type { Server } from './server.js';
import type { PlannedWrite, Standing, Written } from './write-parts.js';
import { planned, standingOf, store } from './write-parts.js';

/** Streams of one append looked at or written to at once. */
const streamsAtOnce = 32;
/** Each further round means that another attempt at the same command got on meanwhile. */
const maxRounds = 100;
const triedByMany = 'the same command is tried by many';
const nothingStored: Standing = { kind: 'open', stored: 0, position: null };

interface Judged { readonly write: PlannedWrite; readonly standing: Standing }

/**
 * Appends as the contract wants them, on a server that writes one stream at a time and remembers no commands.
 * `docs/adr/0007-kurrentdb-appends.md` says how and what remains different.
 */
export class Appending {
  constructor(
    private readonly server: Server, private readonly receipts: Receipts,
    private readonly maxAppendBytes: number,
  ) {}

  async append(writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    const plan = writes.map((write) => planned(write, meta.metadata, this.maxAppendBytes));
    const [only] = plan;
    try {
      if (only && plan.length === 1 && only.parts.length === 1) return await this.#single(only, meta);
      return await this.#several(plan, meta);
    } catch (error) {
      if (isBusy(error)) throw new StoreBusy((error as Error).message, { cause: error });
      if (!isLoss(error)) throw error;
      return { kind: 'unknown', cause: causeOf(error) };
    }
  }

  /**
   * One stream in one part: nearly every command. The server judges the revision, the stream itself is the
   * receipt.
   */
  async #single(write: PlannedWrite, meta: EncodedMeta): Promise<AppendResult> {
    const target = targetOf(write);
    const begun = { fingerprint: meta.fingerprint, target };
    let replayed = false;
    for (let expectedRevision = noStream, round = 1; ; round++) {
      if (await this.receipts.begin(meta.commandId, expectedRevision, begun)) break;
      const earlier = await this.receipts.recall(meta.commandId);
      const answer = answerOf(earlier, meta.fingerprint);
      if (answer) return answer;
      if (earlier.state !== 'begun' || round === maxRounds) throw new StoreBusy(triedByMany);
      replayed = earlier.several || isSame(earlier.lastTarget, target);
      if (isSame(earlier.lastTarget, target)) break;
      expectedRevision = earlier.revision;
    }
    return answerTo(write, await store(this.server, write, nothingStored), replayed);
  }

  /**
   * Several streams, several parts or nothing at all: every revision is looked at before the first write,
   * unless the streams are nothing to each other.
   */
  async #several(plan: readonly PlannedWrite[], meta: EncodedMeta): Promise<AppendResult> {
    for (let round = 1; round <= maxRounds; round++) {
      const earlier = await this.receipts.recall(meta.commandId);
      const answer = answerOf(earlier, meta.fingerprint);
      if (answer) return answer;
      // Of what was begun before parts may be stored already; otherwise a conflict shows where it is met.
      const isNew = meta.independent === true && earlier.state === 'unknown';
      const judged = isNew ? plan.map(unlooked) : await this.#judge(plan);
      const conflict = judged.map(conflictIn).find((result) => result !== null);
      if (conflict) return conflict;
      const result = await this.#storeUnderReceipt(judged, meta, earlier);
      if (result) return result;
    }
    throw new StoreBusy(triedByMany);
  }

  #judge(plan: readonly PlannedWrite[]): Promise<Judged[]> {
    return inParallel(plan, streamsAtOnce, async (write) => {
      const lastRevision = await this.server.lastRevision(write.stream);
      return { write, standing: await standingOf(this.server, write, lastRevision) };
    });
  }

  /** Null when another attempt at the same command was faster: what it did must be looked at again. */
  async #storeUnderReceipt(
    judged: readonly Judged[], { commandId, fingerprint }: EncodedMeta, earlier: Recalled,
  ): Promise<AppendResult | null> {
    const resumed = earlier.state === 'begun' && earlier.several;
    const empty = judged.every(({ write }) => write.events.length === 0);
    let revision = earlier.state === 'begun' ? earlier.revision : noStream;
    if (!empty && !resumed) {
      if (!await this.receipts.begin(commandId, revision, { fingerprint, target: null })) return null;
      revision++;
    }
    const result = await this.#storeAll(judged, resumed);
    if (result.kind !== 'appended') return result;
    const done = { fingerprint, position: result.position };
    if (await this.receipts.settle(commandId, revision, done)) return result;
    const settled = await this.receipts.recall(commandId);
    if (settled.state !== 'done') return null;
    return { kind: 'appended', position: settled.position, replayed: resumed || empty };
  }

  /**
   * After a conflict nothing further is begun: what another command did in between must be decided upon
   * first.
   */
  async #storeAll(judged: readonly Judged[], replayed: boolean): Promise<AppendResult> {
    let last: Position | null = null;
    let conflict: AppendResult | null = null;
    await inParallel(judged, streamsAtOnce, async ({ write, standing }) => {
      if (conflict) return;
      const written = await store(this.server, write, standing);
      if (written.kind === 'conflict') conflict = answerTo(write, written, replayed);
      else last = later(last, written.position);
    });
    return conflict ?? { kind: 'appended', position: last, replayed };
  }
}

const unlooked = (write: PlannedWrite): Judged => ({ write, standing: nothingStored });

function later(one: Position | null, other: Position | null): Position | null {
  if (one === null || other === null) return one ?? other;
  return comparePositions(one, other) < 0 ? other : one;
}

function targetOf({ stream, expectedRevision, events }: PlannedWrite): Target {
  const last = events.at(-1);
  if (!last) throw new Error('an append of nothing has no last event');
  return { stream, revision: expectedRevision + events.length, eventId: last.id };
}

const isSame = (one: Target | undefined, other: Target): boolean => one !== undefined
  && one.stream === other.stream && one.revision === other.revision && one.eventId === other.eventId;

function conflictIn({ write, standing }: Judged): AppendResult | null {
  if (standing.kind !== 'conflict') return null;
  return { kind: 'conflict', stream: write.stream, actualRevision: standing.actualRevision };
}

function answerTo(write: PlannedWrite, written: Written, replayed: boolean): AppendResult {
  if (written.kind === 'written') return { kind: 'appended', position: written.position, replayed };
  return { kind: 'conflict', stream: write.stream, actualRevision: written.actualRevision };
}
