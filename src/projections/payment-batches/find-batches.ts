import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor, lastOrdinal, ordinalIn } from '../cursor.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { staff } from '../viewer.js';
import type { BatchView } from './batch-view.js';
import { batchJson } from './batch-view.js';

export interface BatchPage { readonly batches: readonly BatchView[]; readonly next: string | null }

/** Files and their verdicts, the latest first. A malformed cursor answers null. */
export class FindBatches extends Query<BatchPage | null> {
  constructor(readonly asked: { readonly limit: number; readonly cursor?: string }) { super(); }
}

const sql = `
  SELECT ${batchJson}) AS view, d.ordinal::text AS ordinal
  FROM read.payment_batches AS d
  WHERE d.ordinal < $1::bigint
  ORDER BY d.ordinal DESC
  LIMIT $2::integer + 1`;

@QueryHandler(FindBatches)
export class FindBatchesHandler implements IQueryHandler<FindBatches> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked: { limit, cursor } }: FindBatches): Promise<BatchPage | null> {
    const before = cursor === undefined ? lastOrdinal : ordinalOf(cursor);
    if (before === null) return null;
    const rows = await this.store.query<{ view: string; ordinal: string }>(staff, sql, [before, limit]);
    const shown = rows.slice(0, limit);
    const batches = shown.map(({ view }) => JSON.parse(view) as BatchView);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return { batches, next: last ? encodeCursor([last.ordinal]) : null };
  }
}

const ordinalOf = (cursor: string): string | null => ordinalIn(decodeCursor(cursor)?.[0]);
