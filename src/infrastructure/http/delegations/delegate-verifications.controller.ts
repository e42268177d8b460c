import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { CommandContext } from '../../../application/command-context.js';
import type { DelegateProof, VerificationOutcome } from '../../../application/delegations/verify-delegate.js';
import { VerifyDelegate } from '../../../application/delegations/verify-delegate.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Sensitive, Takes } from '../access.js';
import { OwnSession } from '../browsers.js';
import { CardReadings, cardRefusals, tryRefusals } from '../card-readings.js';
import { CertificateReadings, certificateRefusals } from '../certificate-readings.js';
import { CommandGateway, doneOf } from '../command-gateway.js';
import { Context } from '../command-requests.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { onTheBeat } from '../paced.js';
import { Refuses } from '../problem-responses.js';
import type { VerificationAnswer, VerificationBody } from './delegations.schemas.js';
import { verificationAnswer, verificationBody } from './delegations.schemas.js';

const purpose = 'delegate-verification';

/** A second person in the first one's session: no cookie is given or taken here. */
@ApiTags('delegations')
@ApiBearerAuth()
@Controller('delegate-verifications')
export class DelegateVerificationsController {
  constructor(
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(CardReadings) private readonly cards: CardReadings,
    @Inject(CertificateReadings) private readonly certificates: CertificateReadings,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  @Post()
  @Access('payee')
  @Sensitive()
  @Takes('application/json')
  @ApiOperation({ summary: 'NSS106E 檢核憑證 / verify the delegate\'s card and password, once; signs nobody in' })
  @ApiResponse({ status: 201, standardSchema: verificationAnswer })
  @Refuses(
    ...cardRefusals, ...tryRefusals, ...certificateRefusals, 'session/required',
    'session/reauthentication-required', 'delegation/company-only',
  )
  async verify(
    @Req() request: FastifyRequest, @Context() context: CommandContext, @OwnSession() session: OpenSession,
    @Body({ schema: verificationBody }) body: VerificationBody,
  ): Promise<VerificationAnswer> {
    const shownIn = { sessionId: session.sessionId, companyId: session.applicantId };
    const outcome = await onTheBeat(async (): Promise<VerificationOutcome> => {
      const proof = await this.proofIn(request, body);
      if (proof === null) return { outcome: 'refused', code: 'sign-in/certificate-refused' };
      return this.gateway.send(new VerifyDelegate(context, shownIn, proof));
    }, ({ outcome: kind }) => kind === 'refused');
    this.identity.signIns.inc({ result: outcome.outcome === 'refused' ? outcome.code : outcome.outcome });
    return doneOf(outcome).verification;
  }

  private async proofIn(request: FastifyRequest, body: VerificationBody): Promise<DelegateProof | null> {
    if ('card' in body) {
      return { card: await this.cards.verify(request, body.card, purpose), password: body.password };
    }
    const certificate = await this.certificates.verify(request, body, purpose);
    return certificate && { subject: certificate.subject };
  }
}
