import { randomUUID } from 'node:crypto';
import type { AppendResult, Position } from '../../src/application/event-log.js';
import { nameBasedUuid, namespaceOf } from '../../src/application/name-based-uuid.js';
import { isCaughtUp } from '../../src/application/event-log.js';
import type {
  EncodedEvent, EncodedMeta, EncodedWrite, EventStore, RecordedEvent,
} from '../../src/infrastructure/event-store/event-store.js';

export interface StoreUnderTest {
  readonly store: EventStore;
  dispose(): Promise<void>;
}

/** Where a store that is not ours cannot promise what the log of ours does. */
export interface Capabilities {
  /** Positions are 1, 2, 3 …; otherwise they only increase. */
  readonly densePositions: boolean;
}
export type OpenStore = () => Promise<StoreUnderTest>;

/** No fact of ours: on a server that remembers, no table may take samples for payments. */
export const sampleType = 'SampleRecorded';

/** Fresh ones every time, so that a suite may run against a server that remembers earlier runs. */
export const newStream = (category = 'payment'): string => `${category}-${randomUUID()}`;

export const newMeta = (fields: Partial<EncodedMeta> = {}): EncodedMeta =>
  ({ commandId: randomUUID(), fingerprint: 'a1b2c3', metadata: '{"by":"ming"}', ...fields });

export function eventsOf(
  meta: EncodedMeta, count: number, fields: Partial<EncodedEvent> = {},
): EncodedEvent[] {
  const namespace = namespaceOf(meta.commandId);
  return Array.from({ length: count }, (_, index) => ({
    id: nameBasedUuid(namespace, String(index)),
    type: sampleType,
    version: 1,
    payload: `{"number":${index}}`,
    ...fields,
  }));
}

export interface Asked {
  readonly stream: string;
  readonly expected?: number;
  readonly count?: number;
  readonly type?: string;
  readonly payload?: string;
}

/** One append to one stream, with everything the test does not care about filled in. */
export function appendTo(store: EventStore, asked: Asked, meta = newMeta()): Promise<AppendResult> {
  return store.append([writeOf(asked, meta)], meta);
}

export function writeOf(asked: Asked, meta: EncodedMeta): EncodedWrite {
  const { stream, expected = -1, count = 1, type, payload } = asked;
  const fields = { ...(type !== undefined && { type }), ...(payload !== undefined && { payload }) };
  return { stream, expectedRevision: expected, events: eventsOf(meta, count, fields) };
}

export async function positionOf(result: Promise<AppendResult>): Promise<Position> {
  const settled = await result;
  if (settled.kind !== 'appended' || settled.position === null) {
    throw new Error(`not stored: ${settled.kind}`);
  }
  return settled.position;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Events of a subscription until `enough` says so. */
export async function collectUntil(
  items: AsyncIterable<RecordedEvent | object>, enough: (events: readonly RecordedEvent[]) => boolean,
): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const item of items) {
    if (isCaughtUp(item)) continue;
    events.push(item as RecordedEvent);
    if (enough(events)) break;
  }
  return events;
}

export const revisionsOf = (events: readonly RecordedEvent[]): number[] =>
  events.map(({ revision }) => revision);
