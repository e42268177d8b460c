import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { SealedField } from '../../application/personal-keys.js';
import type { RejectionReason } from '../../domain/accounts/account.events.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { sealedField } from '../sealed.js';
import { staff } from '../viewer.js';
import type { AccountHistoryRow } from './account-history.projection.js';
import type { AccountView, AccountViewRow } from './account-view.js';
import { accountView, selectAccounts } from './account-view.js';

export interface ReviewHistoryEntry {
  readonly position: string;
  readonly event: AccountHistoryRow['event'];
  readonly at: string;
  readonly by: string;
  readonly reason: RejectionReason | null;
  readonly explanation: SealedField | null;
}

export interface OtherOwner { readonly accountId: string; readonly applicantId: string }

export interface ReviewCase {
  readonly account: AccountView;
  /**
   * The same bank account, approved for somebody else: shown, never hidden, and no reason to refuse by
   * itself.
   */
  readonly approvedForOthers: readonly OtherOwner[];
  readonly history: readonly ReviewHistoryEntry[];
}

export class FindReview extends Query<ReviewCase | null> {
  constructor(readonly asked: { readonly accountId: string }) { super(); }
}

const accountSql = `${selectAccounts}
  WHERE a.account_id = $1`;

const othersSql = `
  SELECT a.account_id AS "accountId", a.applicant_id AS "applicantId"
  FROM read.accounts AS a
  WHERE a.account_key = $1 AND a.status = '已核准' AND a.applicant_id <> $2
  ORDER BY a.applied_ordinal`;

const historySql = `
  SELECT h.ordinal, h.account_id, h.fact_id, h.stream, h.event, h.happened_at, h.done_by, h.reason,
    h.explanation
  FROM read.account_history AS h
  WHERE h.account_id = $1
  ORDER BY h.ordinal`;

@QueryHandler(FindReview)
export class FindReviewHandler implements IQueryHandler<FindReview> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked: { accountId } }: FindReview): Promise<ReviewCase | null> {
    const [row] = await this.store.query<AccountViewRow>(staff, accountSql, [accountId]);
    if (!row) return null;
    const [approvedForOthers, history] = await Promise.all([
      this.store.query<OtherOwner>(staff, othersSql, [row.account_key, row.applicant_id]),
      this.store.query<AccountHistoryRow>(staff, historySql, [accountId]),
    ]);
    return { account: accountView(row), approvedForOthers, history: history.map(entryOf) };
  }
}

const entryOf = (row: AccountHistoryRow): ReviewHistoryEntry => ({
  position: row.ordinal, event: row.event, at: row.happened_at, by: row.done_by, reason: row.reason,
  explanation: sealedField(row.explanation, row.stream, row.fact_id, 'explanation'),
});
