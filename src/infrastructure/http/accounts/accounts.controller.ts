import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApplyAccount } from '../../../application/accounts/apply-account.js';
import { RemoveAccount } from '../../../application/accounts/remove-account.js';
import { WithdrawApplication } from '../../../application/accounts/withdraw-application.js';
import type { CommandContext, Principal } from '../../../application/command-context.js';
import { FindAccounts } from '../../../projections/accounts/find-accounts.js';
import { FindAccountsOf } from '../../../projections/accounts/find-accounts-of.js';
import { person } from '../../../projections/viewer.js';
import { Access, Takes } from '../access.js';
import { AccountReadings } from '../account-readings.js';
import { Caller, OwnApplicantId } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Reads } from '../own-writes.js';
import { PersonalFields } from '../personal-fields.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import { accountAnswers } from './account-answers.js';
import type { AccountsAnswer, ApplicationBody, Applied, DelegatedAnswer } from './accounts.schemas.js';
import {
  accountParams, applicationBody, applied, ownAccounts, ownAccountsQuery,
} from './accounts.schemas.js';

interface ById { readonly accountId: string }

@ApiTags('accounts')
@ApiBearerAuth()
@Controller('accounts')
export class AccountsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(PersonalFields) private readonly personal: PersonalFields,
    @Inject(AccountReadings) private readonly readings: AccountReadings,
  ) {}

  @Get()
  @Access('payee')
  @Reads('accounts', 'bank_directory', 'delegations')
  @ApiOperation({ summary: 'NSS102E 帳號申請及查詢 / one\'s own accounts, in every status, and delegated ones' })
  @ApiResponse({ status: 200, standardSchema: ownAccounts })
  async own(
    @Caller() caller: Principal, @OwnApplicantId() applicantId: string,
    @Query({ schema: ownAccountsQuery }) _asked: object,
  ): Promise<AccountsAnswer> {
    const views = await this.queries.execute(new FindAccountsOf({ applicantId }, person({ applicantId })));
    return { accounts: await accountAnswers(views, this.personal), delegated: await this.delegated(caller) };
  }

  @Post()
  @Access('payee')
  @Takes('application/json')
  @ApiOperation({ summary: '新增、送出 / apply for an account' })
  @ApiResponse({ status: 201, standardSchema: applied })
  @Refuses(
    'account/already-applied', 'account/already-approved', 'account/unknown-bank-code',
    'account/bank-code-closed', 'command/id-reused',
  )
  async apply(
    @Context() context: CommandContext, @Body({ schema: applicationBody }) application: ApplicationBody,
  ): Promise<Applied> {
    const outcome = await this.gateway.send(new ApplyAccount(context, application));
    const { position } = settled(outcome);
    return { accountId: outcome.accountId, status: '審核中', warnings: [...outcome.warnings], position };
  }

  @Post(':accountId/withdrawal')
  @HttpCode(200)
  @Access('payee')
  @ApiOperation({ summary: '撤回 / withdraw an application that is under review' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('account/unknown', 'account/not-pending', 'command/id-reused')
  async withdraw(
    @Context() context: CommandContext, @Param({ schema: accountParams }) { accountId }: ById,
  ): Promise<Done> {
    return settled(await this.gateway.send(new WithdrawApplication(context, accountId)));
  }

  @Delete(':accountId')
  @Access('payee')
  @ApiOperation({ summary: '刪除 / give up an approved account: its payments are no longer shown' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('account/unknown', 'account/not-approved', 'command/id-reused')
  async remove(
    @Context() context: CommandContext, @Param({ schema: accountParams }) { accountId }: ById,
  ): Promise<Done> {
    return settled(await this.gateway.send(new RemoveAccount(context, accountId)));
  }

  private async delegated(caller: Principal): Promise<readonly DelegatedAnswer[]> {
    const readable = await this.readings.all(caller, 'account-list');
    const grants = new Map(readable.map(({ accountId, delegation }) => [accountId, delegation]));
    const accounts = readable.filter(({ delegation }) => delegation !== null);
    const accountIds = accounts.map(({ accountId }) => accountId);
    const views = await this.queries.execute(new FindAccounts({ accountIds }, person({ accounts })));
    const answers = await accountAnswers(views, this.personal);
    return answers.flatMap(({ accountId, bankCode, bankName, bankState, accountNumber, accountName }) => {
      const grant = grants.get(accountId);
      return grant
        ? [{ accountId, bankCode, bankName, bankState, accountNumber, accountName, ...grant }] : [];
    });
  }
}
