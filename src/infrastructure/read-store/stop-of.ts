import { UnreadableFact } from '../event-store/schema/unreadable-fact.js';
import type { Stop } from './checkpoints.js';
import { FoldFailed } from './write-facts.js';

/**
 * Which errors no retry can heal: a fact that cannot be read or folded. Everything else (a dead connection, a
 * timeout, a full disk) may pass; trying again is safe, for a batch is written once or not at all.
 */
export function stopOf(error: unknown): Stop | null {
  if (error instanceof UnreadableFact) return stopAt(error.place, error);
  if (error instanceof FoldFailed) return stopAt(error.fact, error);
  return null;
}

const stopAt = ({ position, stream, type }: Omit<Stop, 'why'>, error: Error): Stop =>
  ({ position, stream, type, why: error.message });
