import { Controller, Get, Inject, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Principal } from '../../../application/command-context.js';
import { FindApplicant } from '../../../projections/applicants/find-applicant.js';
import { FindDelegationsOf, FindDelegationsTo } from '../../../projections/delegations/find-delegations.js';
import { person } from '../../../projections/viewer.js';
import { Access } from '../access.js';
import { AccountReadings } from '../account-readings.js';
import { Caller, OwnApplicantId } from '../callers.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { Reads } from '../own-writes.js';
import { PersonalFields } from '../personal-fields.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { givenAnswers, heldAnswer } from './delegation-answers.js';
import type { DelegationsAnswer, DelegationsAsked, HeldDelegation } from './delegations.schemas.js';
import { delegationsAnswer, delegationsQuery } from './delegations.schemas.js';

@ApiTags('delegations')
@ApiBearerAuth()
@Controller('delegations')
export class DelegationsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(PersonalFields) private readonly personal: PersonalFields,
    @Inject(AccountReadings) private readonly readings: AccountReadings,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  @Get()
  @Access('payee')
  @Reads('delegations', 'accounts', 'applicants', 'bank_directory')
  @ApiOperation({ summary: 'NSS107E 已授權憑證查詢 / what one\'s company granted, and what one was granted' })
  @ApiResponse({ status: 200, standardSchema: delegationsAnswer })
  @Refuses('http/invalid-cursor')
  async list(
    @Caller() caller: Principal, @OwnApplicantId() companyId: string,
    @Query({ schema: delegationsQuery }) { limit, cursor }: DelegationsAsked,
  ): Promise<DelegationsAnswer> {
    const page = await this.queries.execute(new FindDelegationsOf({ companyId, limit, cursor }));
    if (page === null) throw new Problem('http/invalid-cursor');
    const at = new Date(this.identity.now()).toISOString();
    const given = await givenAnswers(page.delegations, this.personal, at);
    return { given, held: cursor === undefined ? await this.held(caller, companyId) : [], next: page.next };
  }

  private async held(caller: Principal, delegateId: string): Promise<HeldDelegation[]> {
    const readable = await this.readings.all(caller, 'account-list');
    const accounts = readable.filter(({ delegation }) => delegation !== null);
    if (accounts.length === 0) return [];
    const viewer = person({ applicantId: delegateId, accounts });
    const views = await this.queries.execute(new FindDelegationsTo({ delegateId }, viewer));
    const answers = await Promise.all(views.map(async (view) => heldAnswer(view, readable, {
      personal: this.personal, companyName: await this.nameOf(view.companyId),
    })));
    return answers.filter(({ accounts }) => accounts.length > 0);
  }

  private async nameOf(applicantId: string): Promise<string | null> {
    const found = await this.queries.execute(new FindApplicant({ applicantId }, person({ applicantId })));
    const [name = null] = await this.personal.show([found?.name ?? null]);
    return name;
  }
}
