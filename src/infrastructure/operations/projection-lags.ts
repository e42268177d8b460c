import type { Position } from '../../application/event-log.js';
import type { EventStore } from '../event-store/event-store.js';
import type { Lag } from './operations.js';

export interface LogPositions {
  readonly store: EventStore;
  /** Whether positions are 1, 2, 3 …, so that their difference counts facts. */
  readonly positionsCountFacts: boolean;
}

/** How far a reader that has passed `position` is behind the head. */
export async function lagOf(log: LogPositions, position: Position, head: Position): Promise<Lag> {
  if (BigInt(position) >= BigInt(head)) return { events: 0, seconds: 0 };
  const events = log.positionsCountFacts ? Number(BigInt(head) - BigInt(position)) : null;
  const since = await firstAfter(log, position);
  // Clocks of two machines may differ by more than the lag.
  return { events, seconds: since === null ? 0 : Math.max(0, (Date.now() - since) / 1_000) };
}

/** When the first fact after the position was asked for. Read undecoded: it may be one nobody can read. */
async function firstAfter(
  { store, positionsCountFacts }: LogPositions, position: Position,
): Promise<number | null> {
  // Where the next position is known, not a whole page is read for its first event.
  const until = positionsCountFacts ? String(BigInt(position) + 1n) : undefined;
  for await (const { metadata } of store.readAll(position, { until })) {
    const { at } = JSON.parse(metadata) as { at?: unknown };
    return typeof at === 'string' ? Date.parse(at) : null;
  }
  return null;
}
