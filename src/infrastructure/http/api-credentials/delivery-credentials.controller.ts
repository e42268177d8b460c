import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CredentialHolder } from '../../../application/api-credentials/api-credentials.js';
import type { CommandContext } from '../../../application/command-context.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession } from '../browsers.js';
import type { Done } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  CredentialIssued, CredentialsAnswer, DeliveryCredentialBody,
} from './api-credentials.schemas.js';
import {
  credentialIssued, credentialParams, credentialsAnswer, credentialsQuery, deliveryCredentialBody,
} from './api-credentials.schemas.js';
import { CredentialDesk } from './credential-desk.js';

/** An entry on the staff list is the holder: whoever is taken off it takes the programs along. */
const holderOf = ({ memberId }: OpenSession): CredentialHolder => {
  if (memberId === null) throw new Problem('session/required');
  return { kind: 'operator', memberId };
};

/** For an operator's system: it delivers payment batches and reads what became of them. */
@ApiTags('delivery-credentials')
@ApiBearerAuth()
@Controller('delivery-credentials')
export class DeliveryCredentialsController {
  constructor(@Inject(CredentialDesk) private readonly desk: CredentialDesk) {}

  @Get()
  @Access('operator')
  @ApiOperation({ summary: '送檔憑證 / one\'s own credentials for delivering batches' })
  @ApiResponse({ status: 200, standardSchema: credentialsAnswer })
  @Refuses('session/required')
  own(
    @OwnSession() session: OpenSession, @Query({ schema: credentialsQuery }) _asked: object,
  ): Promise<CredentialsAnswer> {
    return this.desk.list(holderOf(session));
  }

  @Post()
  @Sensitive()
  @Access('operator')
  @Takes('application/json')
  @ApiOperation({ summary: '核發送檔憑證 / for a system that delivers batches; the token is shown this once' })
  @ApiResponse({ status: 201, standardSchema: credentialIssued })
  @Refuses(
    'session/required', 'session/reauthentication-required', 'api-credential/too-many',
    'api-credential/token-shown', 'command/id-reused',
  )
  issue(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: deliveryCredentialBody }) { validDays }: DeliveryCredentialBody,
  ): Promise<CredentialIssued> {
    return this.desk.issue(context, { holder: holderOf(session), accountIds: [], validDays });
  }

  @Delete(':credentialId')
  @Access('operator')
  @ApiOperation({ summary: '廢止送檔憑證 / revoke: worth nothing from the next request on' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('session/required', 'api-credential/unknown', 'command/id-reused')
  revoke(
    @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Param({ schema: credentialParams }) { credentialId }: { readonly credentialId: string },
  ): Promise<Done> {
    return this.desk.revoke(context, holderOf(session), credentialId);
  }
}
