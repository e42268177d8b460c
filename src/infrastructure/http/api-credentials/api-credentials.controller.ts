import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { CredentialHolder } from '../../../application/api-credentials/api-credentials.js';
import type { CommandContext } from '../../../application/command-context.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession } from '../browsers.js';
import { OwnApplicantId } from '../callers.js';
import type { Done } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import { Refuses } from '../problem-responses.js';
import { done } from '../schemas.js';
import type {
  CompanyCredentialBody, CredentialIssued, CredentialsAnswer,
} from './api-credentials.schemas.js';
import {
  companyCredentialBody, credentialIssued, credentialParams, credentialsAnswer, credentialsQuery,
} from './api-credentials.schemas.js';
import { CredentialDesk } from './credential-desk.js';

const holderOf = (applicantId: string): CredentialHolder => ({ kind: 'company', applicantId });

/** For a company's own system: it reads payments to chosen accounts, and nothing else. */
@ApiTags('api-credentials')
@ApiBearerAuth()
@Controller('api-credentials')
export class ApiCredentialsController {
  constructor(@Inject(CredentialDesk) private readonly desk: CredentialDesk) {}

  @Get()
  @Access('payee')
  @ApiOperation({ summary: 'API 憑證 / the company\'s API credentials, with when each was last used' })
  @ApiResponse({ status: 200, standardSchema: credentialsAnswer })
  own(
    @OwnApplicantId() applicantId: string, @Query({ schema: credentialsQuery }) _asked: object,
  ): Promise<CredentialsAnswer> {
    return this.desk.list(holderOf(applicantId));
  }

  @Post()
  @Sensitive()
  @Access('payee')
  @Takes('application/json')
  @ApiOperation({ summary: '核發 API 憑證 / for the company\'s own system; the token is shown this once' })
  @ApiResponse({ status: 201, standardSchema: credentialIssued })
  @Refuses(
    'session/required', 'session/reauthentication-required', 'account/unknown',
    'api-credential/companies-only', 'api-credential/too-many', 'api-credential/token-shown',
    'command/id-reused',
  )
  issue(
    @Context() context: CommandContext, @OwnSession() _session: OpenSession,
    @OwnApplicantId() applicantId: string,
    @Body({ schema: companyCredentialBody }) { accountIds, validDays }: CompanyCredentialBody,
  ): Promise<CredentialIssued> {
    return this.desk.issue(context, { holder: holderOf(applicantId), accountIds, validDays });
  }

  /** No card is asked for: whoever fears that a token got out must not have to look for one. */
  @Delete(':credentialId')
  @Access('payee')
  @ApiOperation({ summary: '廢止 API 憑證 / revoke: worth nothing from the next request on' })
  @ApiResponse({ status: 200, standardSchema: done })
  @Refuses('api-credential/unknown', 'command/id-reused')
  revoke(
    @Context() context: CommandContext, @OwnApplicantId() applicantId: string,
    @Param({ schema: credentialParams }) { credentialId }: { readonly credentialId: string },
  ): Promise<Done> {
    return this.desk.revoke(context, holderOf(applicantId), credentialId);
  }
}
