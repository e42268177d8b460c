import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ApproveAccount } from '../../../application/accounts/approve-account.js';
import { RejectAccount } from '../../../application/accounts/reject-account.js';
import type { CommandContext } from '../../../application/command-context.js';
import type { AccountView } from '../../../projections/accounts/account-view.js';
import { FindReview } from '../../../projections/accounts/find-review.js';
import { FindReviews } from '../../../projections/accounts/find-reviews.js';
import { FindApplicant } from '../../../projections/applicants/find-applicant.js';
import { staff } from '../../../projections/viewer.js';
import { Access, Sensitive, Takes } from '../access.js';
import { accountAnswers } from '../accounts/account-answers.js';
import { accountParams } from '../accounts/accounts.schemas.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Reads } from '../own-writes.js';
import { PersonalFields } from '../personal-fields.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  ApprovalAsked, RejectionBody, ReviewAnswer, ReviewedAccount, ReviewsAsked,
} from './reviews.schemas.js';
import {
  approvalQuery, rejectionBody, reviewAnswer, reviewQuery, reviewsAnswer, reviewsQuery,
} from './reviews.schemas.js';

interface ById { readonly accountId: string }
interface Queue { readonly reviews: readonly ReviewedAccount[]; readonly next: string | null }

@ApiTags('reviews')
@ApiBearerAuth()
@Controller('reviews')
export class ReviewsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(PersonalFields) private readonly personal: PersonalFields,
  ) {}

  @Get()
  @Access('reviewer', 'auditor')
  @Reads('accounts', 'bank_directory')
  @ApiOperation({ summary: 'NSS103E 待審案件 / applications, first come first served' })
  @ApiResponse({ status: 200, standardSchema: reviewsAnswer })
  @Refuses('http/invalid-cursor')
  async queue(@Query({ schema: reviewsQuery }) { status, limit, cursor }: ReviewsAsked): Promise<Queue> {
    const page = await this.queries.execute(new FindReviews({ status, limit, cursor }));
    if (page === null) throw new Problem('http/invalid-cursor');
    return { reviews: await this.reviewed(page.reviews), next: page.next };
  }

  @Get(':accountId')
  @Access('reviewer', 'auditor')
  @Reads('accounts', 'account_history', 'applicants', 'bank_directory')
  @ApiOperation({ summary: '案件 / one case: the account, who applied, and everything that happened to it' })
  @ApiResponse({ status: 200, standardSchema: reviewAnswer })
  @Refuses('account/unknown')
  async one(
    @Param({ schema: accountParams }) { accountId }: ById, @Query({ schema: reviewQuery }) _asked: object,
  ): Promise<ReviewAnswer> {
    const found = await this.queries.execute(new FindReview({ accountId }));
    if (found === null) throw new Problem('account/unknown');
    const [account] = await this.reviewed([found.account]);
    if (!account) throw new Error('an account that was found is gone');
    const words = await this.personal.show(found.history.map(({ explanation }) => explanation));
    const history = found.history.map((entry, i) => ({ ...entry, explanation: words[i] ?? null }));
    const applicant = await this.applicantOf(account.applicantId);
    return { account, applicant, approvedForOthers: [...found.approvedForOthers], history };
  }

  @Post(':accountId/approval')
  @HttpCode(200)
  @Access('reviewer')
  @Sensitive()
  @ApiOperation({ summary: '核准 / approve; never one\'s own application' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(
    'account/unknown', 'account/applied-again', 'account/not-pending', 'account/same-officer',
    'account/reviewer-is-delegate', 'session/reauthentication-required', 'command/id-reused',
  )
  async approve(
    @Context() context: CommandContext, @Param({ schema: accountParams }) { accountId }: ById,
    @Query({ schema: approvalQuery }) { appliedAt }: ApprovalAsked,
  ): Promise<Done> {
    return settled(await this.gateway.send(new ApproveAccount(context, accountId, appliedAt)));
  }

  @Post(':accountId/rejection')
  @HttpCode(200)
  @Access('reviewer')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '不核准 / reject with a reason; the account may be applied for again' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(
    'account/unknown', 'account/applied-again', 'account/not-pending', 'account/same-officer',
    'account/reviewer-is-delegate', 'account/explanation-required', 'session/reauthentication-required',
    'command/id-reused',
  )
  async reject(
    @Context() context: CommandContext, @Param({ schema: accountParams }) { accountId }: ById,
    @Body({ schema: rejectionBody }) rejection: RejectionBody,
  ): Promise<Done> {
    return settled(await this.gateway.send(new RejectAccount(context, accountId, rejection)));
  }

  private async reviewed(views: readonly AccountView[]): Promise<readonly ReviewedAccount[]> {
    const answers = await accountAnswers(views, this.personal);
    return views.map(({ applicantId, appliedBy, decidedBy }, i) =>
      ({ ...answers[i], applicantId, appliedBy, decidedBy }) as ReviewedAccount);
  }

  private async applicantOf(applicantId: string): Promise<ReviewAnswer['applicant']> {
    const found = await this.queries.execute(new FindApplicant({ applicantId }, staff));
    if (found === null) return null;
    const [idNumber = null, name = null] = await this.personal.show([found.idNumber, found.name]);
    return { kind: found.kind, idNumber, name };
  }
}
