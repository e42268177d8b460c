import { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import type { AppendResult, Position, Revision, StreamName } from '../../../application/event-log.js';
import { noStream } from '../../../application/event-log.js';
import { receiptTypePrefix } from './messages.js';
import type { Server } from './server.js';

/**
 * The event with which an append to one stream will have been stored: whether it was can be looked up there.
 */
export interface Target {
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly eventId: string;
}
export type Recalled =
  | { readonly state: 'unknown' }
  /**
   * `several`: parts of an append to several streams may be stored, and only its own repetition may finish
   * it.
   */
  | {
    readonly state: 'begun'; readonly fingerprint: string; readonly revision: Revision;
    readonly several: boolean; readonly lastTarget: Target | undefined;
  }
  | { readonly state: 'done'; readonly fingerprint: string; readonly position: Position | null };

interface Begun { readonly fingerprint: string; readonly target: Target | null }
interface Done { readonly fingerprint: string; readonly position: Position | null }

const begunType = `${receiptTypePrefix}begun`;
const doneType = `${receiptTypePrefix}done`;
/** More attempts at one command than anybody makes: each adds a record only after a conflict. */
const mostRecords = 4_096;

/**
 * Which commands were begun and done: one stream of records per command id. `begun` is written before the
 * facts, so that a command that was stored is known to be done even if the process died right after.
 */
export class Receipts {
  constructor(private readonly server: Server) {}

  /**
   * True: the record is stored at that revision of the command's receipts. False: somebody else was first.
   */
  begin(commandId: string, expectedRevision: Revision, begun: Begun): Promise<boolean> {
    return this.#record(commandId, expectedRevision, { type: begunType, content: begun });
  }

  settle(commandId: string, expectedRevision: Revision, done: Done): Promise<boolean> {
    return this.#record(commandId, expectedRevision, { type: doneType, content: done });
  }

  async recall(commandId: string): Promise<Recalled> {
    const records = await this.server.records(receiptStream(commandId), 0, mostRecords);
    const [first] = records;
    if (!first) return { state: 'unknown' };
    const { fingerprint } = JSON.parse(first.data) as Begun | Done;
    const targets: (Target | null)[] = [];
    for (const { type, data } of records) {
      if (type === doneType) {
        const { position } = JSON.parse(data) as Done;
        return { state: 'done', fingerprint, position };
      }
      targets.push((JSON.parse(data) as Begun).target);
    }
    for (const target of targets) {
      const position = target && await this.#positionAt(target);
      if (position) return { state: 'done', fingerprint, position };
    }
    return {
      state: 'begun', fingerprint, revision: records.length + noStream,
      several: targets.includes(null), lastTarget: targets.at(-1) ?? undefined,
    };
  }

  async #positionAt({ stream, revision, eventId }: Target): Promise<Position | null> {
    const [record] = await this.server.records(stream, revision, 1);
    return record?.id === eventId ? record.position : null;
  }

  /** Under an id of its own each time: the server must not take another's record for a repetition of ours. */
  async #record(
    commandId: string, expectedRevision: Revision, { type, content }: { type: string; content: Begun | Done },
  ): Promise<boolean> {
    const data = Buffer.from(JSON.stringify(content));
    const event = { id: randomUUID(), type, data, metadata: Buffer.alloc(0) };
    const { kind } = await this.server.append(receiptStream(commandId), expectedRevision, [event]);
    return kind === 'stored';
  }
}

/** No category of facts contains a colon. */
const receiptStream = (commandId: string): string => `receipt:${commandId}`;

export function answerOf(recalled: Recalled, fingerprint: string): AppendResult | null {
  if (recalled.state === 'unknown') return null;
  if (recalled.fingerprint !== fingerprint) return { kind: 'command-id-reused' };
  return recalled.state === 'done' ? { kind: 'appended', position: recalled.position, replayed: true } : null;
}
