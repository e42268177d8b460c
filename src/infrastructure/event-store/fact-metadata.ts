import { z } from 'zod';
import type { AppendMeta, FactMeta } from '../../application/event-log.js';
import { actor, instant, uuid } from './schema/fields.js';
import { failuresOf } from './schema/registry.js';
import type { EventPlace } from './schema/unreadable-fact.js';
import { UnreadableFact, UnstorableFact } from './schema/unreadable-fact.js';

const metadataSchema = z.strictObject({
  commandId: uuid,
  by: actor,
  at: instant,
  /** Comes from a caller's header: long enough for any tracing system's id. */
  correlationId: z.string().regex(/^[A-Za-z0-9._:/=+-]{1,128}$/).optional(),
});

export function metadataToStored({ commandId, by, at, correlationId }: AppendMeta): string {
  const result = metadataSchema.safeParse({ commandId, by, at, correlationId });
  if (!result.success) throw new UnstorableFact('(metadata)', failuresOf(result.error));
  return JSON.stringify(result.data);
}

/**
 * All facts of one append share their metadata, and a batch's appends hold thousands: the last text read is
 * kept with what it said.
 */
export class MetadataReader {
  private text = '';
  private meta: FactMeta | null = null;

  read(place: EventPlace, text: string): FactMeta {
    if (this.meta !== null && text === this.text) return this.meta;
    this.meta = fromStored(place, text);
    this.text = text;
    return this.meta;
  }
}

function fromStored(place: EventPlace, text: string): FactMeta {
  const result = metadataSchema.safeParse(parsed(place, text));
  if (!result.success) throw new UnreadableFact(place, 'metadata-failed', failuresOf(result.error));
  return Object.freeze(result.data);
}

function parsed(place: EventPlace, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFact(place, 'metadata-failed', ['(whole): not-json']);
  }
}
