import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { AcceptOffer } from '../../../application/delegations/accept-offer.js';
import type { CommandContext } from '../../../application/command-context.js';
import { FindOffers } from '../../../application/delegations/find-offers.js';
import { OfferDelegation } from '../../../application/delegations/offer-delegation.js';
import { WithdrawOffer } from '../../../application/delegations/withdraw-offer.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession } from '../browsers.js';
import { OwnApplicantId } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, doneOf, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { PersonalFields } from '../personal-fields.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  AcceptanceBody, GrantedAnswer, OfferBody, OfferedAnswer, OffersAnswer,
} from './delegations.schemas.js';
import {
  acceptanceBody, grantedAnswer, mostOffers, offerBody, offerParams, offeredAnswer, offersAnswer, offersQuery,
} from './delegations.schemas.js';

/** 授權邀請: for a delegate who cannot come to the company's machine. */
@ApiTags('delegations')
@ApiBearerAuth()
@Controller('delegation-offers')
export class DelegationOffersController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(PersonalFields) private readonly personal: PersonalFields,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  @Get()
  @Access('payee')
  @ApiOperation({ summary: '授權邀請查詢 / one\'s company\'s invitations' })
  @ApiResponse({ status: 200, standardSchema: offersAnswer })
  async list(
    @OwnApplicantId() companyId: string, @Query({ schema: offersQuery }) _asked: object,
  ): Promise<OffersAnswer> {
    const found = await this.queries.execute(new FindOffers({ companyId, limit: mostOffers }));
    const emails = await this.personal.show(found.map(({ email }) => email));
    const now = new Date(this.identity.now()).toISOString();
    return {
      offers: found.map(({ offerId, status, accountIds, expiresOn, offeredAt, validUntil }, i) => ({
        offerId, email: emails[i] ?? null, accountIds: [...accountIds], expiresOn, offeredAt, validUntil,
        status: status === 'open' && now > validUntil ? 'expired' : status,
      })),
    };
  }

  @Post()
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '寄送授權邀請 / mail somebody a ticket for these accounts' })
  @ApiResponse({ status: 201, standardSchema: offeredAnswer })
  @Refuses(
    'session/reauthentication-required', 'delegation/company-only', 'delegation/unknown-account',
    'delegation/account-not-approved', 'delegation/expiry-past', 'delegation-offer/too-many',
    'command/id-reused',
  )
  async offer(
    @Context() context: CommandContext,
    @Body({ schema: offerBody }) { email, accountIds, expiresOn }: OfferBody,
  ): Promise<OfferedAnswer> {
    const terms = { accountIds, expiresOn: expiresOn ?? null };
    const outcome = await this.gateway.send(new OfferDelegation(context, email, terms));
    const { offerId, validUntil, position } = doneOf(outcome);
    return { offerId, validUntil, position };
  }

  @Post('acceptances')
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: '確認授權邀請 / accept with the mailed ticket, signed in with a card of one\'s own' })
  @ApiResponse({ status: 201, standardSchema: grantedAnswer })
  @Refuses(
    'session/required', 'session/reauthentication-required', 'ticket/unknown', 'ticket/expired',
    'delegation/person-only', 'delegation/account-not-approved', 'delegation-offer/closed',
  )
  async accept(
    @Context() context: CommandContext, @OwnSession() _session: object,
    @Body({ schema: acceptanceBody }) { ticket }: AcceptanceBody,
  ): Promise<GrantedAnswer> {
    const outcome = await this.gateway.send(new AcceptOffer(context, ticket));
    const { delegationId, position } = doneOf(outcome);
    return { delegationId, position };
  }

  @Delete(':offerId')
  @Access('payee')
  @ApiOperation({ summary: '撤回授權邀請 / withdraw an invitation that nobody accepted yet' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('delegation-offer/unknown', 'delegation-offer/closed')
  async withdraw(
    @Context() context: CommandContext,
    @Param({ schema: offerParams }) { offerId }: { readonly offerId: string },
  ): Promise<Done> {
    return settled(await this.gateway.send(new WithdrawOffer(context, offerId)));
  }
}
