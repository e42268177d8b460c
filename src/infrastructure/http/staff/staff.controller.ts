import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandContext } from '../../../application/command-context.js';
import { AddToStaffList } from '../../../application/identity/add-to-staff-list.js';
import { FindStaffMembers } from '../../../application/identity/find-staff-members.js';
import { RemoveFromStaffList } from '../../../application/identity/remove-from-staff-list.js';
import { personNamedIn } from '../../identity/certificates/named-certificate.js';
import { Access, Sensitive, Takes } from '../access.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, doneOf, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type { MemberAdded, MemberBody, StaffAnswer } from './staff.schemas.js';
import { memberAdded, memberBody, memberParams, staffAnswer, staffQuery } from './staff.schemas.js';

@ApiTags('staff')
@ApiBearerAuth()
@Controller('staff')
export class StaffController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
  ) {}

  @Get()
  @Access('operator', 'auditor')
  @ApiOperation({ summary: '人員名冊 / who acts for the treasury, in which roles, and who let them' })
  @ApiResponse({ status: 200, standardSchema: staffAnswer })
  async list(@Query({ schema: staffQuery }) _asked: object): Promise<StaffAnswer> {
    const members = await this.queries.execute(new FindStaffMembers());
    return { members: members.map((member) => ({ ...member, roles: [...member.roles] })) };
  }

  @Post()
  @Access('operator')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '新增人員 / put somebody else on the list; nobody adds themselves' })
  @ApiResponse({ status: 201, standardSchema: memberAdded })
  @Refuses(
    'session/reauthentication-required', 'staff/certificate-mismatch', 'staff/same-person',
    'staff/already-listed', 'staff/list-changed',
  )
  async add(
    @Context() context: CommandContext,
    @Body({ schema: memberBody }) { certificate: pem, idNumber, roles }: MemberBody,
  ): Promise<MemberAdded> {
    const certificate = personNamedIn(Buffer.from(pem), idNumber);
    if (typeof certificate === 'string') throw new Problem('staff/certificate-mismatch');
    const { subject: { name } } = certificate;
    const added = { certificate, idNumber, name, roles };
    const outcome = await this.gateway.send(new AddToStaffList(context, added));
    const { memberId, position } = doneOf(outcome);
    return { memberId, position };
  }

  @Delete(':memberId')
  @Access('operator')
  @Sensitive()
  @ApiOperation({ summary: '移除人員 / take somebody off the list; every role is gone at once' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('session/reauthentication-required', 'staff/unknown')
  async remove(
    @Context() context: CommandContext,
    @Param({ schema: memberParams }) { memberId }: { readonly memberId: string },
  ): Promise<Done> {
    return settled(await this.gateway.send(new RemoveFromStaffList(context, memberId)));
  }
}
