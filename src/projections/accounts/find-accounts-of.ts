import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import type { AccountView, AccountViewRow } from './account-view.js';
import type { Viewer } from '../viewer.js';
import { accountView, selectAccounts } from './account-view.js';

/** All of one applicant's accounts, in every status, in the order reconciliations come in. */
export class FindAccountsOf extends Query<readonly AccountView[]> {
  constructor(readonly asked: { readonly applicantId: string }, readonly viewer: Viewer) { super(); }
}

const sql = `${selectAccounts}
  WHERE a.applicant_id = $1
  ORDER BY a.account_key`;

@QueryHandler(FindAccountsOf)
export class FindAccountsOfHandler implements IQueryHandler<FindAccountsOf> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked, viewer }: FindAccountsOf): Promise<readonly AccountView[]> {
    return (await this.store.query<AccountViewRow>(viewer, sql, [asked.applicantId])).map(accountView);
  }
}
