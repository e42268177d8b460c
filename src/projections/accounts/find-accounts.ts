import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { Viewer } from '../viewer.js';
import type { AccountView, AccountViewRow } from './account-view.js';
import { accountView, selectAccounts } from './account-view.js';

/** These accounts, whoever's they are: for callers that know who may read them. */
export class FindAccounts extends Query<readonly AccountView[]> {
  constructor(readonly asked: { readonly accountIds: readonly string[] }, readonly viewer: Viewer) {
    super();
  }
}

const sql = `${selectAccounts}
  WHERE a.account_id = ANY ($1::uuid[])
  ORDER BY a.account_key`;

@QueryHandler(FindAccounts)
export class FindAccountsHandler implements IQueryHandler<FindAccounts> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked, viewer }: FindAccounts): Promise<readonly AccountView[]> {
    if (asked.accountIds.length === 0) return [];
    return (await this.store.query<AccountViewRow>(viewer, sql, [asked.accountIds])).map(accountView);
  }
}
