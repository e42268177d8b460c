import { inSession } from '../../src/infrastructure/read-store/projector-session.js';
import { ShadowTable } from '../../src/infrastructure/read-store/shadow-table.js';
import { paymentTimeline } from '../../src/projections/payment-timeline/payment-timeline.projection.js';
import type { Projection } from '../../src/projections/projection.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import { countedFacts, newPayments } from './support/counted-facts.js';
import { factsOf, paymentStories, storyStream } from './support/payment-stories.js';
import type { ReadSide } from './support/read-side.js';
import { caughtUp, openReadSide, record } from './support/read-side.js';
import { contentOf, tell } from './support/telling.js';

const tables: readonly Projection[] = [reconciliation, paymentTimeline, countedFacts];

let side: ReadSide;
beforeAll(async () => {
  side = await openReadSide();
  const stories = paymentStories(200, 11);
  // Some payments are told at once, so that all their facts lie side by side, and some step by step.
  await record(side.log, new Map(stories.slice(0, 80).map((story) => [storyStream(story), factsOf(story)])));
  await tell(side, stories.slice(80));
  await record(side.log, newPayments(100));
  await caughtUp(side, tables);
});
afterAll(() => side.close());

/** Rows of a table built anew while no more than so many facts of earlier rows may wait. */
function builtAnew(projection: Projection, mostWaiting: number): Promise<string> {
  const { pool, log } = side;
  return inSession({ pool, projection: projection.name, purpose: 'rebuild' }, async (client) => {
    const shadow = new ShadowTable(client, projection, 'shadow', mostWaiting);
    await shadow.create();
    // In two steps, as a rebuild goes: what was told meanwhile comes to a table that is there.
    await shadow.advance(log, '250');
    await shadow.advance(log, await log.head());
    const key = projection.primaryKey.join(', ');
    const { rows } = await client.query<{ line: string }>(
      `SELECT t::text AS line FROM shadow.${projection.name} AS t ORDER BY ${key}`);
    await shadow.drop();
    return rows.map(({ line }) => line).join('\n');
  });
}

describe('a table built beside the live one is the same', () => {
  it.each(tables.map((table) => [table.name, table] as const))(
    'however few facts of rows already written may wait: %s', async (_name, projection) => {
      const live = await contentOf(side, projection);
      expect(live.length).toBeGreaterThan(20);
      for (const mostWaiting of [9, 150, 50_000]) {
        expect(await builtAnew(projection, mostWaiting)).toBe(live);
      }
    });
});
