import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type {
  CertificateHolder, CertificateOutcome,
} from '../../../application/identity/sign-in-with-certificate.js';
import { SignInWithCertificate } from '../../../application/identity/sign-in-with-certificate.js';
import type { OpenSession } from '../../identity/session-table.js';
import { Access, Takes } from '../access.js';
import { FromOwnPages, OwnSession, giveToken, renewSession, unsignedContext } from '../browsers.js';
import { CertificateReadings, certificateRefusals } from '../certificate-readings.js';
import { CommandGateway, doneOf } from '../command-gateway.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { onTheBeat } from '../paced.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import type { CertificateSignInBody, SignedInAnswer } from './sign-ins.schemas.js';
import { certificateSignInBody, signedInAnswer } from './sign-ins.schemas.js';

type Purpose = 'sign-in' | 're-authentication';
interface Accepted { readonly who: CertificateHolder; readonly position: string | null }

@ApiTags('sign-in')
@Controller()
export class CertificateSignInsController {
  constructor(
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(IDENTITY) private readonly identity: Identity,
    @Inject(CertificateReadings) private readonly certificates: CertificateReadings,
  ) {}

  @Post('sign-ins/certificate')
  @HttpCode(200)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: 'NSS000 憑證登入 / sign in with a 自然人憑證 or 工商憑證 that signed the challenge' })
  @ApiResponse({ status: 200, standardSchema: signedInAnswer })
  @Refuses(...certificateRefusals)
  async signIn(
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: certificateSignInBody }) body: CertificateSignInBody,
  ): Promise<SignedInAnswer> {
    const { who, position } = await this.accepted(request, body, 'sign-in');
    // Whatever this browser was before, it is no longer.
    if (request.session) await this.identity.sessions.end(request.session.sessionId);
    const { token, endsAt } = await this.identity.sessions.begin(who);
    giveToken(reply, token);
    return { endsAt, position };
  }

  @Post('session/re-authentication/certificate')
  @HttpCode(200)
  @Access('payee', 'reviewer', 'operator', 'auditor')
  @Takes('application/json')
  @ApiBearerAuth()
  @ApiOperation({ summary: '以憑證再次驗證 / show the certificate once more, before what cannot be taken back' })
  @ApiResponse({ status: 200, standardSchema: signedInAnswer })
  @Refuses(...certificateRefusals, 'session/required')
  async authenticateAgain(
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
    @OwnSession() session: OpenSession, @Body({ schema: certificateSignInBody }) body: CertificateSignInBody,
  ): Promise<SignedInAnswer> {
    const { who, position } = await this.accepted(request, body, 're-authentication');
    const isSame = who.personId === session.personId && who.memberId === session.memberId;
    if (!isSame) throw new Problem('sign-in/certificate-refused');
    return { endsAt: await renewSession(reply, this.identity.sessions, session), position };
  }

  private async accepted(
    request: FastifyRequest, body: CertificateSignInBody, purpose: Purpose,
  ): Promise<Accepted> {
    const outcome = await onTheBeat(async () => {
      const certificate = await this.certificates.verify(request, body, 'sign-in');
      if (certificate === null) return refused;
      const context = unsignedContext(request, this.identity.now());
      return this.gateway.send(new SignInWithCertificate(context, certificate, purpose));
    }, ({ outcome: kind }) => kind === 'refused');
    this.identity.signIns.inc({ result: outcome.outcome === 'refused' ? outcome.code : outcome.outcome });
    return doneOf(outcome);
  }
}

const refused: CertificateOutcome = { outcome: 'refused', code: 'sign-in/certificate-refused' };
