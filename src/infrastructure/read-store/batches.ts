import type { CaughtUp, Position, StoredFact } from '../../application/event-log.js';
import { comparePositions, isCaughtUp } from '../../application/event-log.js';
import type { Batch } from './apply-batch.js';

/** Enough that a transaction's fixed cost vanishes, few enough to be collected young. */
export const factsPerBatch = 1_000;

export interface CutBatch extends Batch { readonly caughtUp: boolean }

/**
 * Cuts a stream of facts into batches that join without a gap. `CaughtUp` ends a batch early, so that a lone
 * fact does not wait for company, and moves on also where none of the facts in between was one of ours.
 * Before an error is passed on comes what was read until then: everything before an unreadable fact is shown.
 */
export async function* batchesOf(
  items: AsyncIterable<StoredFact | CaughtUp>, after: Position, limit = factsPerBatch,
): AsyncGenerator<CutBatch> {
  let from = after;
  let facts: StoredFact[] = [];
  function cut(to: Position, caughtUp: boolean): CutBatch {
    const batch = { from, to, facts, caughtUp };
    from = to;
    facts = [];
    return batch;
  }
  try {
    for await (const item of items) {
      const caughtUp = isCaughtUp(item);
      if (!caughtUp) facts.push(item);
      if (caughtUp ? comparePositions(item.position, from) > 0 : facts.length >= limit) {
        yield cut(item.position, caughtUp);
      }
    }
  } finally {
    const last = facts.at(-1);
    if (last) yield cut(last.position, false);
  }
}
