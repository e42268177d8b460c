import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ReadableAccount } from '../../../application/accounts/readable-accounts.js';
import type { Principal } from '../../../application/command-context.js';
import type { ReconciliationQuestion } from '../../../projections/reconciliation/find-reconciliations.js';
import { FindReconciliations } from '../../../projections/reconciliation/find-reconciliations.js';
import { person } from '../../../projections/viewer.js';
import { Access } from '../access.js';
import { AccountReadings } from '../account-readings.js';
import { Caller } from '../callers.js';
import { Reads } from '../own-writes.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import type { ReconciliationAsked } from './reconciliations.schemas.js';
import { reconciliationAnswer, reconciliationQuery } from './reconciliations.schemas.js';

@ApiTags('reconciliations')
@ApiBearerAuth()
@Controller('reconciliations')
export class ReconciliationsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AccountReadings) private readonly readings: AccountReadings,
  ) {}

  @Get()
  @Access('payee', 'company-system')
  @Reads('reconciliation', 'accounts', 'delegations')
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'NSS105E 憑單支付資料入戶查詢對帳 / payments to own and delegated accounts' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  @Refuses('account/unknown', 'reconciliation/cursor-mismatch', 'reconciliation/amount-too-large')
  async find(
    @Caller() caller: Principal, @Query({ schema: reconciliationQuery }) asked: ReconciliationAsked,
  ): Promise<string> {
    const accounts = asked.account === undefined
      ? await this.readings.all(caller, 'reconciliation')
      : await this.readings.named(caller, asked.account, 'reconciliation');
    const question = new FindReconciliations(questionOf(accounts, asked), person({ accounts }));
    const answer = await this.queries.execute(question);
    if ('refused' in answer) throw new Problem(answer.refused);
    return answer.json;
  }
}

function questionOf(
  accounts: readonly ReadableAccount[], asked: ReconciliationAsked,
): ReconciliationQuestion {
  const { account: _asked, 'wait-for': _waited, status: statuses, sort, limit, cursor, ...filter } = asked;
  return { accounts, filter: { ...filter, statuses }, sort, limit, cursor };
}
