import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandContext } from '../../../application/command-context.js';
import { ChangeMobile } from '../../../application/identity/change-mobile.js';
import { ChangePassword } from '../../../application/identity/change-password.js';
import { ConfirmNewEmail } from '../../../application/identity/confirm-new-email.js';
import { FindRegistration } from '../../../application/identity/find-registration.js';
import { RequestNewEmail } from '../../../application/identity/request-new-email.js';
import { RevokeAgent } from '../../../application/identity/revoke-agent.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession, registrationOfSession } from '../browsers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  EmailBody, MobileBody, NewEmailBody, OwnAnswer, PasswordBody,
} from './registrations.schemas.js';
import {
  agentParams, emailBody, mobileBody, newEmailBody, ownAnswer, ownQuery, passwordBody,
} from './registrations.schemas.js';

const sessionRefusals = ['session/required', 'session/reauthentication-required'] as const;

/** 帳號資料異動, 註冊密碼變更, 裝置管理: of whoever is signed in, after card and password were just shown. */
@ApiTags('registration')
@ApiBearerAuth()
@Controller('registration')
export class OwnRegistrationController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
  ) {}

  @Get()
  @Access('payee')
  @ApiOperation({ summary: '註冊資料及裝置 / one\'s own registration and its enrolled card agents' })
  @ApiResponse({ status: 200, standardSchema: ownAnswer })
  @Refuses('session/required', 'registration/unknown')
  async own(
    @OwnSession() session: OpenSession, @Query({ schema: ownQuery }) _asked: object,
  ): Promise<OwnAnswer> {
    const { registrationId } = registrationOfSession(session);
    const found = await this.queries.execute(new FindRegistration(registrationId));
    if (found === null) throw new Problem('registration/unknown');
    const { contact: { email, mobile, newEmail }, confirmedAt } = found;
    const agents = found.agents.map((agent) =>
      ({ ...agent, isThisOne: agent.agentId === session.agentId }));
    return { email, mobile, newEmail, confirmedAt, agents };
  }

  @Put('password')
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '註冊密碼變更 / another password; every other session ends' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(
    ...sessionRefusals, 'password/too-short', 'password/too-long', 'password/too-common',
    'password/personal', 'sign-in/busy',
  )
  async changePassword(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: passwordBody }) { password }: PasswordBody,
  ): Promise<Done> {
    const own = registrationOfSession(session);
    return settled(await this.gateway.send(new ChangePassword(context, own, password)));
  }

  @Put('email')
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '變更電子信箱 / ask for another address; a ticket is mailed to it' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(...sessionRefusals, 'registration/too-many-mails')
  async requestNewEmail(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: emailBody }) { email }: EmailBody,
  ): Promise<Done> {
    const own = registrationOfSession(session);
    return settled(await this.gateway.send(new RequestNewEmail(context, own, email)));
  }

  @Post('email-confirmations')
  @HttpCode(200)
  @Access('payee')
  @Takes('application/json')
  @ApiOperation({ summary: '確認新信箱 / confirm the new address with its ticket' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('session/required', 'ticket/unknown', 'ticket/expired', 'registration/no-new-email')
  async confirmNewEmail(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: newEmailBody }) { ticket }: NewEmailBody,
  ): Promise<Done> {
    const own = registrationOfSession(session);
    return settled(await this.gateway.send(new ConfirmNewEmail(context, own, ticket)));
  }

  @Put('mobile')
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '變更手機號碼 / another mobile number' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(...sessionRefusals)
  async changeMobile(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: mobileBody }) { mobile }: MobileBody,
  ): Promise<Done> {
    const own = registrationOfSession(session);
    return settled(await this.gateway.send(new ChangeMobile(context, own, mobile)));
  }

  @Delete('devices/:agentId')
  @Access('payee')
  @Sensitive()
  @ApiOperation({ summary: '裝置註銷 / revoke a card agent; what was signed in from it ends at once' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(...sessionRefusals, 'registration/unknown-agent')
  async revokeAgent(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Param({ schema: agentParams }) { agentId }: { readonly agentId: string },
  ): Promise<Done> {
    const own = registrationOfSession(session);
    return settled(await this.gateway.send(new RevokeAgent(context, own, agentId)));
  }
}
