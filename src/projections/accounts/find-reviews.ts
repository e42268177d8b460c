import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import { decodeCursor, encodeCursor, ordinalIn } from '../cursor.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { staff } from '../viewer.js';
import type { AccountView, AccountViewRow } from './account-view.js';
import { accountView, selectAccounts } from './account-view.js';
import type { ApplicationStatus } from './accounts.projection.js';

export interface ReviewsQuestion {
  /** 審核中 unless another is asked for. */
  readonly status?: ApplicationStatus;
  readonly limit: number;
  readonly cursor?: string;
}
export interface ReviewPage { readonly reviews: readonly AccountView[]; readonly next: string | null }

/** The queue of NSS103E, first come first served. A malformed cursor answers null. */
export class FindReviews extends Query<ReviewPage | null> {
  constructor(readonly asked: ReviewsQuestion) { super(); }
}

const sql = `${selectAccounts}
  WHERE a.status = $1 AND a.applied_ordinal > $2::bigint
  ORDER BY a.applied_ordinal
  LIMIT $3::integer + 1`;

@QueryHandler(FindReviews)
export class FindReviewsHandler implements IQueryHandler<FindReviews> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked }: FindReviews): Promise<ReviewPage | null> {
    const after = asked.cursor === undefined ? '0' : ordinalOf(asked.cursor);
    if (after === null) return null;
    const parameters = [asked.status ?? '審核中', after, asked.limit];
    const rows = await this.store.query<AccountViewRow>(staff, sql, parameters);
    const page = rows.slice(0, asked.limit);
    const last = rows.length > asked.limit ? page.at(-1) : undefined;
    return { reviews: page.map(accountView), next: last ? encodeCursor([last.applied_ordinal]) : null };
  }
}

const ordinalOf = (cursor: string): string | null => ordinalIn(decodeCursor(cursor)?.[0]);
