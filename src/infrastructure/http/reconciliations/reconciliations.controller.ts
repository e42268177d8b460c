import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { ReadableAccount } from '../../../application/accounts/readable-accounts.js';
import { readableAccounts } from '../../../application/accounts/readable-accounts.js';
import type { EventLog } from '../../../application/event-log.js';
import { EVENT_LOG } from '../../../application/event-log.js';
import { FindAccountsOf } from '../../../projections/accounts/find-accounts-of.js';
import type { ReconciliationQuestion } from '../../../projections/reconciliation/find-reconciliations.js';
import { FindReconciliations } from '../../../projections/reconciliation/find-reconciliations.js';
import { person } from '../../../projections/viewer.js';
import { Access } from '../access.js';
import { OwnApplicantId } from '../callers.js';
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
    @Inject(EVENT_LOG) private readonly log: EventLog,
  ) {}

  @Get()
  @Access('payee')
  @Reads('reconciliation', 'accounts')
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOperation({ summary: 'NSS105E 憑單支付資料入戶查詢對帳 / payments to one\'s own approved accounts' })
  @ApiResponse({ status: 200, standardSchema: reconciliationAnswer })
  @Refuses('account/unknown', 'reconciliation/cursor-mismatch', 'reconciliation/amount-too-large')
  async find(
    @OwnApplicantId() applicantId: string, @Query({ schema: reconciliationQuery }) asked: ReconciliationAsked,
  ): Promise<string> {
    const accounts = await this.accountsOf(applicantId, asked.account);
    const question = new FindReconciliations(questionOf(accounts, asked), person({ accounts }));
    const answer = await this.queries.execute(question);
    if ('refused' in answer) throw new Problem(answer.refused);
    return answer.json;
  }

  /** The table of accounts only proposes, the log decides. One account of somebody else's refuses all. */
  private async accountsOf(
    applicantId: string, asked: readonly string[] | undefined,
  ): Promise<ReadableAccount[]> {
    if (asked === undefined) {
      const known = await this.queries.execute(new FindAccountsOf({ applicantId }, person({ applicantId })));
      return readableAccounts(this.log, applicantId, known.map(({ accountId }) => accountId));
    }
    const ids = [...new Set(asked)];
    const accounts = await readableAccounts(this.log, applicantId, ids);
    if (accounts.length < ids.length) throw new Problem('account/unknown');
    return accounts;
  }
}

function questionOf(
  accounts: readonly ReadableAccount[], asked: ReconciliationAsked,
): ReconciliationQuestion {
  const { account: _asked, 'wait-for': _waited, status: statuses, sort, limit, cursor, ...filter } = asked;
  return { accounts, filter: { ...filter, statuses }, sort, limit, cursor };
}
