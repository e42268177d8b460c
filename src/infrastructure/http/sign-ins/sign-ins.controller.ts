import { Body, Controller, Delete, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../../../application/command-context.js';
import { stillCounts } from '../../../application/identity/registrations.js';
import type { SignInOutcome } from '../../../application/identity/sign-in.js';
import { SignIn } from '../../../application/identity/sign-in.js';
import type { Challenge } from '../../identity/challenge-table.js';
import type { OpenSession } from '../../identity/session-table.js';
import { longestMs } from '../../identity/session-table.js';
import type { SignInPage } from '../../../projections/sign-ins/find-sign-ins.js';
import { FindSignIns } from '../../../projections/sign-ins/find-sign-ins.js';
import { person } from '../../../projections/viewer.js';
import { Access, Takes } from '../access.js';
import {
  FromOwnPages, OwnSession, giveToken, renewSession, takeTokenAway, unsignedContext,
} from '../browsers.js';
import { Caller } from '../callers.js';
import { CardReadings, cardRefusals, tryRefusals } from '../card-readings.js';
import { CommandGateway, doneOf } from '../command-gateway.js';
import type { Identity } from '../identity.js';
import { IDENTITY } from '../identity.js';
import { Reads } from '../own-writes.js';
import { onTheBeat } from '../paced.js';
import { Problem } from '../problem.js';
import { Refuses } from '../problem-responses.js';
import type {
  ChallengeAsked, SessionAnswer, SignInBody, SignInsAsked, SignedInAnswer,
} from './sign-ins.schemas.js';
import {
  challengeAnswer, challengeQuery, sessionAnswer, signInBody, signInsAnswer, signInsQuery, signedInAnswer,
  signedOutAnswer,
} from './sign-ins.schemas.js';

@ApiTags('sign-in')
@Controller()
export class SignInsController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CommandGateway) private readonly gateway: CommandGateway,
    @Inject(CardReadings) private readonly cards: CardReadings,
    @Inject(IDENTITY) private readonly identity: Identity,
  ) {}

  @Post('challenges')
  @Access('anyone')
  @FromOwnPages()
  @ApiOperation({ summary: '取得讀卡挑戰值 / a nonce for one reading of a card by this browser' })
  @ApiResponse({ status: 201, standardSchema: challengeAnswer })
  @Refuses('http/foreign-origin')
  challenge(
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
    @Query({ schema: challengeQuery }) { purpose }: ChallengeAsked,
  ): Promise<Challenge> {
    return this.cards.challenge(request, reply, purpose);
  }

  @Post('sign-ins')
  @HttpCode(200)
  @Access('anyone')
  @Takes('application/json')
  @FromOwnPages()
  @ApiOperation({ summary: 'NSS000 健保卡登入 / sign in with a card and its registered password' })
  @ApiResponse({ status: 200, standardSchema: signedInAnswer })
  @Refuses(...cardRefusals, ...tryRefusals, 'sign-in/new-device')
  async signIn(
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
    @Body({ schema: signInBody }) { card, password }: SignInBody,
  ): Promise<SignedInAnswer> {
    const { who, position } = doneOf(await this.tried(request, card, password));
    // Whatever this browser was before, it is no longer.
    if (request.session) await this.identity.sessions.end(request.session.sessionId);
    const { sessionId, token, endsAt } = await this.identity.sessions.begin(who);
    // Asked after it began: whoever revokes, or sets another password, from here on finds it and ends it.
    if (!await stillCounts(this.identity.stores, who)) {
      await this.identity.sessions.end(sessionId);
      throw new Problem('sign-in/failed');
    }
    giveToken(reply, token);
    return { endsAt, position };
  }

  @Get('sign-ins')
  @Access('payee', 'reviewer', 'operator', 'auditor')
  @Reads('sign_ins')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'NSS108Q 最近登入記錄 / one\'s own recent sign-ins, failures included' })
  @ApiResponse({ status: 200, standardSchema: signInsAnswer })
  @Refuses('http/invalid-cursor')
  async own(
    @Caller() caller: Principal, @Query({ schema: signInsQuery }) asked: SignInsAsked,
  ): Promise<SignInPage> {
    const { limit, cursor } = asked;
    const { id: personId } = caller;
    const question = new FindSignIns({ personId, limit, cursor }, person({ personId }));
    const page = await this.queries.execute(question);
    if (page === null) throw new Problem('http/invalid-cursor');
    return page;
  }

  @Get('session')
  @Access('payee', 'reviewer', 'operator', 'auditor')
  @ApiBearerAuth()
  @ApiOperation({ summary: '目前登入者 / who is signed in' })
  @ApiResponse({ status: 200, standardSchema: sessionAnswer })
  session(@Req() { session }: FastifyRequest, @Caller() caller: Principal): SessionAnswer {
    const { roles, applicantId = null } = caller;
    return { roles: [...roles], applicantId, session: session && shown(session) };
  }

  @Post('session/re-authentication')
  @HttpCode(200)
  @Access('payee')
  @Takes('application/json')
  @ApiBearerAuth()
  @ApiOperation({ summary: '再次驗證 / show card and password once more, before what cannot be taken back' })
  @ApiResponse({ status: 200, standardSchema: signedInAnswer })
  @Refuses(...cardRefusals, ...tryRefusals, 'session/required', 'registration/wrong-card')
  async authenticateAgain(
    @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply,
    @OwnSession() session: OpenSession, @Body({ schema: signInBody }) { card, password }: SignInBody,
  ): Promise<SignedInAnswer> {
    const { who, position } = doneOf(await this.tried(request, card, password, 're-authentication'));
    if (who.registrationId !== session.registrationId) throw new Problem('registration/wrong-card');
    return { endsAt: await renewSession(reply, this.identity.sessions, session), position };
  }

  @Delete('session')
  @Access('payee', 'reviewer', 'operator', 'auditor')
  @ApiBearerAuth()
  @ApiOperation({ summary: '登出 / sign out' })
  @ApiResponse({ status: 200, standardSchema: signedOutAnswer })
  @Refuses('session/required')
  async signOut(
    @OwnSession() session: OpenSession, @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<{ signedIn: false }> {
    await this.identity.sessions.end(session.sessionId);
    takeTokenAway(reply);
    return { signedIn: false };
  }

  private async tried(
    request: FastifyRequest, reading: SignInBody['card'], password: string,
    purpose: 'sign-in' | 're-authentication' = 'sign-in',
  ): Promise<SignInOutcome> {
    // Before any work, and before the challenge is used up: the same reading may come again.
    if (this.identity.stores.passwords.isBusy) throw this.busy();
    const card = await this.cards.verify(request, reading);
    const context = unsignedContext(request, this.identity.now());
    const outcome = await onTheBeat(
      () => this.gateway.send(new SignIn(context, card, password, purpose)), isRefusedAsAll);
    this.identity.signIns.inc({ result: outcome.outcome === 'refused' ? outcome.code : outcome.outcome });
    return outcome;
  }

  private busy(): Problem {
    this.identity.signIns.inc({ result: 'sign-in/busy' });
    return new Problem('sign-in/busy');
  }
}

const isRefusedAsAll = (outcome: SignInOutcome): boolean =>
  outcome.outcome === 'refused' && outcome.code === 'sign-in/failed';

const shown = ({ authenticatedAt, signedInAt }: OpenSession) => ({
  authenticatedAt: new Date(authenticatedAt).toISOString(),
  endsAt: new Date(signedInAt + longestMs).toISOString(),
});
