import type { Position, Revision } from '../../../application/event-log.js';
import type { EncodedWrite } from '../event-store.js';
import { StoreBusy } from '../store-busy.js';
import type { ProposedEvent } from './messages.js';
import { proposedFact, sizeOf } from './messages.js';
import type { Server } from './server.js';

/** One write, cut into parts the server accepts at once. */
export interface PlannedWrite extends EncodedWrite {
  readonly parts: readonly (readonly ProposedEvent[])[];
}
export type Standing =
  | { readonly kind: 'open'; readonly stored: number; readonly position: Position | null }
  | { readonly kind: 'conflict'; readonly actualRevision: Revision };
export type Written =
  | { readonly kind: 'written'; readonly position: Position | null }
  | { readonly kind: 'conflict'; readonly actualRevision: Revision };

/** Each further try means that another attempt at the same command got on meanwhile. */
const maxTries = 100;

export function planned(write: EncodedWrite, metadata: string, maxBytes: number): PlannedWrite {
  const parts: ProposedEvent[][] = [];
  let bytes = 0;
  for (const event of write.events) {
    const proposed = proposedFact(event, metadata);
    const size = sizeOf(proposed);
    if (size > maxBytes) throw new RangeError(`${event.type}: ${size} bytes, the server takes ${maxBytes}`);
    bytes += size;
    const part = parts.at(-1);
    if (part && bytes <= maxBytes) {
      part.push(proposed);
    } else {
      parts.push([proposed]);
      bytes = size;
    }
  }
  return { ...write, parts };
}

/**
 * How far a write has come: a stream that has moved on has so by our own events, or by somebody else's. Ids
 * tell: they are made from the command's, so the same events can only be of an earlier attempt at the same
 * command.
 */
export async function standingOf(
  server: Server, write: PlannedWrite, actualRevision: Revision,
): Promise<Standing> {
  const { stream, expectedRevision, events } = write;
  if (actualRevision === expectedRevision) return { kind: 'open', stored: 0, position: null };
  if (actualRevision < expectedRevision || events.length === 0) return { kind: 'conflict', actualRevision };
  const records = await server.records(stream, expectedRevision + 1, events.length);
  const ours = records.length > 0 && records.every(({ id }, index) => id === events[index]?.id);
  if (!ours) return { kind: 'conflict', actualRevision };
  return { kind: 'open', stored: records.length, position: records.at(-1)?.position ?? null };
}

/** Stores what of a write is not stored yet, part by part. */
export async function store(server: Server, write: PlannedWrite, from: Standing): Promise<Written> {
  let standing = from;
  for (let tries = 0; tries < maxTries; tries++) {
    if (standing.kind === 'conflict') return standing;
    const { stored, position } = standing;
    const part = partFrom(write, stored);
    if (!part) return { kind: 'written', position };
    const answer = await server.append(write.stream, write.expectedRevision + stored, part);
    if (answer.kind === 'stored') {
      standing = { kind: 'open', stored: stored + part.length, position: answer.position };
      tries = 0;
    } else {
      standing = await standingOf(server, write, answer.actual);
    }
  }
  throw new StoreBusy(`others keep writing to ${write.stream}`);
}

/** The events from there to the end of their part; none when all are stored. */
function partFrom({ parts }: PlannedWrite, stored: number): readonly ProposedEvent[] | undefined {
  let before = 0;
  for (const part of parts) {
    if (stored < before + part.length) return part.slice(stored - before);
    before += part.length;
  }
  return undefined;
}
