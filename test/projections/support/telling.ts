import { setTimeout as delay } from 'node:timers/promises';
import type { Projection } from '../../../src/projections/projection.js';
import type { PaymentStory } from './payment-stories.js';
import { factsOf, storyStream } from './payment-stories.js';
import type { ReadSide } from './read-side.js';
import { record } from './read-side.js';

/** Tells the stories step by step, many at a time, so that later facts meet rows already there. */
export async function tell(
  side: ReadSide, some: readonly PaymentStory[], pauseMs = 0,
): Promise<void> {
  for (let step = 0; ; step++) {
    const facts = some.flatMap((story) => {
      const fact = factsOf(story)[step];
      return fact ? [[storyStream(story), [fact]] as const] : [];
    });
    if (facts.length === 0) return;
    for (let i = 0; i < facts.length; i += 150) {
      await record(side.log, new Map(facts.slice(i, i + 150)));
      await delay(pauseMs);
    }
  }
}

/** The table's bytes, as a dump would have them, and where its checkpoint stands. */
export async function contentOf(
  side: ReadSide, { name, primaryKey }: Projection,
): Promise<string> {
  const { rows } = await side.pool.query<{ line: string }>(
    `SELECT t::text AS line FROM read.${name} AS t ORDER BY ${primaryKey.join(', ')}`);
  return rows.map(({ line }) => line).join('\n');
}

/** What a rebuild or a proof builds in, and must not leave behind. */
export async function workingSchemas(side: ReadSide): Promise<string[]> {
  const { rows } = await side.pool.query<{ name: string }>(
    "SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^(rebuild|proof)_'");
  return rows.map(({ name }) => name);
}
