import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CommandContext } from '../../../application/command-context.js';
import type { DelegateAccesses } from '../../../application/delegations/delegate-accesses.js';
import { DELEGATE_ACCESSES } from '../../../application/delegations/delegate-accesses.js';
import { delegationState } from '../../../application/delegations/delegations.js';
import { GrantDelegation } from '../../../application/delegations/grant-delegation.js';
import { RevokeDelegation } from '../../../application/delegations/revoke-delegation.js';
import type { EventLog } from '../../../application/event-log.js';
import { EVENT_LOG } from '../../../application/event-log.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession } from '../browsers.js';
import { OwnApplicantId } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { CommandGateway, doneOf, settled } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  AccessesAnswer, DelegationsAsked, GrantBody, GrantedAnswer, RevocationBody,
} from './delegations.schemas.js';
import {
  accessesAnswer, accessesQuery, delegationParams, grantBody, grantedAnswer, revocationBody,
} from './delegations.schemas.js';

interface ById { readonly delegationId: string }

@ApiTags('delegations')
@ApiBearerAuth()
@Controller('delegations')
export class DelegationGrantsController {
  constructor(
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    @Inject(DELEGATE_ACCESSES) private readonly accesses: DelegateAccesses,
  ) {}

  @Post()
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: 'NSS106E 設定 / let the card that was just verified read these accounts' })
  @ApiResponse({ status: 201, standardSchema: grantedAnswer })
  @Refuses(
    'session/required', 'session/reauthentication-required', 'delegation/no-verification',
    'delegation/company-only', 'delegation/unknown-account', 'delegation/account-not-approved',
    'delegation/expiry-past', 'command/id-reused',
  )
  async grant(
    @Context() context: CommandContext, @OwnSession() { sessionId }: OpenSession,
    @Body({ schema: grantBody }) { verificationId, accountIds, expiresOn }: GrantBody,
  ): Promise<GrantedAnswer> {
    const asked = { sessionId, verificationId, terms: { accountIds, expiresOn: expiresOn ?? null } };
    const outcome = await this.gateway.send(new GrantDelegation(context, asked));
    const { delegationId, position } = doneOf(outcome);
    return { delegationId, position };
  }

  @Post(':delegationId/revocations')
  @HttpCode(200)
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: 'NSS107E 取消授權 / take accounts back: from now on they are not to be read' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses(
    'session/reauthentication-required', 'delegation/unknown', 'delegation/unknown-account',
    'command/id-reused',
  )
  async revoke(
    @Context() context: CommandContext, @Param({ schema: delegationParams }) { delegationId }: ById,
    @Body({ schema: revocationBody }) { accountIds }: RevocationBody,
  ): Promise<Done> {
    return settled(await this.gateway.send(new RevokeDelegation(context, delegationId, accountIds)));
  }

  @Get(':delegationId/accesses')
  @Access('payee')
  @ApiOperation({ summary: '查詢紀錄 / what the delegate looked at, and when, hour by hour; the latest first' })
  @ApiResponse({ status: 200, standardSchema: accessesAnswer })
  @Refuses('delegation/unknown', 'http/invalid-cursor')
  async accessesOf(
    @OwnApplicantId() companyId: string, @Param({ schema: delegationParams }) { delegationId }: ById,
    @Query({ schema: accessesQuery }) { limit, cursor }: DelegationsAsked,
  ): Promise<AccessesAnswer> {
    const state = await delegationState(this.log, delegationId);
    if (state.status === 'none' || state.companyId !== companyId) throw new Problem('delegation/unknown');
    const page = await this.accesses.list({ delegationId, limit, cursor });
    if (page === null) throw new Problem('http/invalid-cursor');
    return { accesses: [...page.accesses], next: page.next };
  }
}
