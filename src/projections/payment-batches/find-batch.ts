import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { staff } from '../viewer.js';
import type { BatchWithErrors } from './batch-view.js';
import { batchJson } from './batch-view.js';

/**
 * The file that counts: the accepted one, else the one refused last. `otherFiles` came under the same batch
 * id.
 */
export interface BatchCase extends BatchWithErrors { readonly otherFiles: readonly BatchWithErrors[] }

export class FindBatch extends Query<BatchCase | null> {
  constructor(readonly asked: { readonly batchId: string }) { super(); }
}

const sql = `
  SELECT ${batchJson}, 'errors', coalesce(d.errors::json, '[]'::json)) AS view
  FROM read.payment_batches AS d
  WHERE d.batch_id = $1
  ORDER BY d.status = 'refused', d.ordinal DESC`;

@QueryHandler(FindBatch)
export class FindBatchHandler implements IQueryHandler<FindBatch> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked }: FindBatch): Promise<BatchCase | null> {
    const rows = await this.store.query<{ view: string }>(staff, sql, [asked.batchId]);
    const [first, ...otherFiles] = rows.map(({ view }) => JSON.parse(view) as BatchWithErrors);
    return first ? { ...first, otherFiles } : null;
  }
}
