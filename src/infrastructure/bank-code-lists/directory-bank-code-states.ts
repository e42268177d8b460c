import { Inject, Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import type { BankCodeState, BankCodeStates } from '../../application/accounts/bank-code-states.js';
import { FindBankCodes } from '../../projections/bank-directory/find-bank-codes.js';

/**
 * From the table of codes, not the log: the whole directory is one stream of thousands of facts, and the list
 * changes a few times a year. A code closed this very second is still flagged to the reviewer.
 */
@Injectable()
export class DirectoryBankCodeStates implements BankCodeStates {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  async stateOf(bankCode: string): Promise<BankCodeState> {
    const page = await this.queries.execute(new FindBankCodes({ code: bankCode, limit: 1 }));
    const found = page?.bankCodes.find(({ code }) => code === bankCode);
    return { exists: found !== undefined, online: found?.state === '上線' };
  }
}
