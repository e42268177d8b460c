import { Body, Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApplyForRegistration } from '../../../application/identity/apply-for-registration.js';
import type { AskedTicket } from '../../../application/identity/ask-for-ticket.js';
import { AskForTicket } from '../../../application/identity/ask-for-ticket.js';
import { ConfirmRegistration } from '../../../application/identity/confirm-registration.js';
import type { DeletionProof } from '../../../application/identity/delete-registration.js';
import { DeleteRegistration } from '../../../application/identity/delete-registration.js';
import { EnrolAgent } from '../../../application/identity/enrol-agent.js';
import { ResetPassword } from '../../../application/identity/reset-password.js';
import { Access, Takes } from '../access.js';
import { FromOwnPages, unsignedContext } from '../browsers.js';
import { CardReadings, cardRefusals } from '../card-readings.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, settled } from '../command-gateway.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { onTheBeat } from '../paced.js';
import { Refuses } from '../problem-responses.js';
import type {
  ApplicationBody, CardBody, DeletionBody, ResetBody, TicketBody,
} from './registrations.schemas.js';
import {
  applicationBody, asked, cardBody, deletionBody, registered, resetBody, ticketBody,
} from './registrations.schemas.js';

const ticketRefusals = ['ticket/unknown', 'ticket/expired', 'registration/wrong-card'] as const;
const passwordRefusals = [
  'password/too-short', 'password/too-long', 'password/too-common', 'password/personal', 'sign-in/busy',
] as const;

/** 健保卡網路服務註冊, before anybody is signed in: what a caller shows is a card, and a ticket or a password. */
@ApiTags('registration')
@Controller('registrations')
export class RegistrationsController {
  constructor(
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(CardReadings) private readonly cards: CardReadings,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  @Post()
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '首次登入請先申請 / apply; a mail follows, five days to confirm' })
  @ApiResponse({ status: 201, standardSchema: registered })
  @Refuses(
    ...cardRefusals, ...passwordRefusals, 'registration/already-registered',
    'registration/household-mismatch', 'registration/household-unavailable', 'registration/id-number-void',
  )
  async apply(
    @Req() request: FastifyRequest, @Body({ schema: applicationBody }) body: ApplicationBody,
  ): Promise<Done> {
    const { card: reading, ...application } = body;
    const card = await this.cards.verify(request, reading);
    return settled(await this.gateway.send(
      new ApplyForRegistration(this.context(request), card, application)));
  }

  @Post('confirmation-mails')
  @HttpCode(202)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '重寄確認信 / mail the ticket again; the earlier one is void, the deadline stays' })
  @ApiResponse({ status: 202, standardSchema: asked })
  @Refuses(...cardRefusals)
  mailAgain(
    @Req() request: FastifyRequest, @Body({ schema: cardBody }) body: CardBody,
  ): Promise<{ accepted: true }> {
    return this.ask(request, body, 'confirmation');
  }

  @Post('confirmations')
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '註冊確認 / confirm with the ticket and the same card' })
  @ApiResponse({ status: 201, standardSchema: registered })
  @Refuses(...cardRefusals, ...ticketRefusals, 'registration/deadline-passed')
  async confirm(
    @Req() request: FastifyRequest, @Body({ schema: ticketBody }) { card: reading, ticket }: TicketBody,
  ): Promise<Done> {
    const card = await this.cards.verify(request, reading);
    return settled(await this.gateway.send(new ConfirmRegistration(this.context(request), card, ticket)));
  }

  @Post('password-reset-mails')
  @HttpCode(202)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '忘記註冊密碼 / mail a ticket to set another password' })
  @ApiResponse({ status: 202, standardSchema: asked })
  @Refuses(...cardRefusals)
  forgotPassword(
    @Req() request: FastifyRequest, @Body({ schema: cardBody }) body: CardBody,
  ): Promise<{ accepted: true }> {
    return this.ask(request, body, 'password-reset');
  }

  @Post('password-resets')
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '重設註冊密碼 / another password, with the ticket and the card' })
  @ApiResponse({ status: 201, standardSchema: registered })
  @Refuses(...cardRefusals, ...ticketRefusals, ...passwordRefusals)
  async resetPassword(
    @Req() request: FastifyRequest, @Body({ schema: resetBody }) body: ResetBody,
  ): Promise<Done> {
    const card = await this.cards.verify(request, body.card);
    const { ticket, password } = body;
    return settled(await this.gateway.send(
      new ResetPassword(this.context(request), card, ticket, password)));
  }

  @Post('devices')
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '新增裝置 / enrol this device\'s card agent, with the ticket and the card' })
  @ApiResponse({ status: 201, standardSchema: registered })
  @Refuses(...cardRefusals, ...ticketRefusals)
  async enrol(
    @Req() request: FastifyRequest, @Body({ schema: ticketBody }) { card: reading, ticket }: TicketBody,
  ): Promise<Done> {
    const card = await this.cards.verify(request, reading);
    return settled(await this.gateway.send(new EnrolAgent(this.context(request), card, ticket)));
  }

  @Post('deletion-mails')
  @HttpCode(202)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '刪除註冊（忘記密碼） / mail a ticket to delete without the password' })
  @ApiResponse({ status: 202, standardSchema: asked })
  @Refuses(...cardRefusals)
  askDeletion(
    @Req() request: FastifyRequest, @Body({ schema: cardBody }) body: CardBody,
  ): Promise<{ accepted: true }> {
    return this.ask(request, body, 'deletion');
  }

  @Post('deletions')
  @HttpCode(200)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: '刪除註冊申請 / delete for good, with the card and the password or a ticket' })
  @ApiResponse({ status: 200, standardSchema: registered })
  @Refuses(...cardRefusals, ...ticketRefusals, 'sign-in/failed', 'sign-in/suspended', 'sign-in/revoked')
  async remove(
    @Req() request: FastifyRequest, @Body({ schema: deletionBody }) body: DeletionBody,
  ): Promise<Done> {
    const card = await this.cards.verify(request, body.card);
    const proof: DeletionProof = 'ticket' in body ? { ticket: body.ticket } : { password: body.password };
    const context = this.context(request);
    const outcome = await onTheBeat(
      () => this.gateway.send(new DeleteRegistration(context, card, proof)),
      (result) => result.outcome === 'refused');
    return settled(outcome);
  }

  private async ask(
    request: FastifyRequest, { card: reading }: CardBody, purpose: AskedTicket,
  ): Promise<{ accepted: true }> {
    const card = await this.cards.verify(request, reading);
    const context = this.context(request);
    await onTheBeat(() => this.gateway.send(new AskForTicket(context, card, purpose)), () => true);
    return { accepted: true };
  }

  private context(request: FastifyRequest) {
    return unsignedContext(request, this.identity.now());
  }
}
