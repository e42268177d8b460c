import { Body, Controller, Get, Inject, Put, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ChangeContact } from '../../../application/applicants/change-contact.js';
import type { CommandContext } from '../../../application/command-context.js';
import { FindApplicant } from '../../../projections/applicants/find-applicant.js';
import { person } from '../../../projections/viewer.js';
import { Access, Takes } from '../access.js';
import { OwnApplicantId } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Reads } from '../own-writes.js';
import { PersonalFields } from '../personal-fields.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type { ApplicantAnswer, ContactBody } from './applicants.schemas.js';
import { applicantAnswer, applicantQuery, contactBody } from './applicants.schemas.js';

/** The caller's own record; there is no address for anybody else's. */
@ApiTags('applicant')
@ApiBearerAuth()
@Controller('applicant')
export class ApplicantsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(PersonalFields) private readonly personal: PersonalFields,
  ) {}

  @Get()
  @Access('payee')
  @Reads('applicants')
  @ApiOperation({ summary: '申請人基本資料 / one\'s own data as an applicant' })
  @ApiResponse({ status: 200, standardSchema: applicantAnswer })
  @Refuses('applicant/unknown')
  async own(
    @OwnApplicantId() applicantId: string, @Query({ schema: applicantQuery }) _asked: object,
  ): Promise<ApplicantAnswer> {
    const found = await this.queries.execute(new FindApplicant({ applicantId }, person({ applicantId })));
    if (found === null) throw new Problem('applicant/unknown');
    const { kind, registeredAt, changedAt, erasedAt, contact: c } = found;
    const [idNumber = null, name = null] = await this.personal.show([found.idNumber, found.name]);
    const [phone = null, email = null, address = null, contactPerson = null, fax = null] =
      await this.personal.show([c.phone, c.email, c.address, c.contactPerson, c.fax]);
    const contact = { phone, email, address, contactPerson, fax };
    return { applicantId, kind, idNumber, name, contact, registeredAt, changedAt, erasedAt };
  }

  @Put('contact')
  @Access('payee')
  @Takes('application/json')
  @ApiOperation({ summary: '修改基本資料 / change one\'s own contact data' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('applicant/unknown', 'applicant/erased', 'applicant/nothing-to-change', 'command/id-reused')
  async changeContact(
    @Context() context: CommandContext, @Body({ schema: contactBody }) contact: ContactBody,
  ): Promise<Done> {
    return settled(await this.gateway.send(new ChangeContact(context, contact)));
  }
}
