import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IQueryHandler } from '@nestjs/cqrs';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { anybody } from '../viewer.js';

export interface OnlineBankCode { readonly code: string; readonly name: string }

/**
 * What BANK_yyyMMdd.txt holds: every code that is 上線, by code (PRODUCT decision 7). A few thousand, so in one
 * piece.
 */
export class ListOnlineBankCodes extends Query<readonly OnlineBankCode[]> {}

const sql = `
  SELECT c.code, c.name
  FROM read.bank_directory AS c
  WHERE length(c.code) = 7 AND c.state = '上線'
  ORDER BY c.code`;

@QueryHandler(ListOnlineBankCodes)
export class ListOnlineBankCodesHandler implements IQueryHandler<ListOnlineBankCodes> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  execute(): Promise<readonly OnlineBankCode[]> {
    return this.store.query<OnlineBankCode>(anybody, sql);
  }
}
