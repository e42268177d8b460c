import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { CommandContext, Principal, Role } from '../../application/command-context.js';
import type { OwnRegistration } from '../../application/identity/own-registration.js';
import type { OpenSession } from '../identity/session-table.js';
import type { Identity } from './identity.js';
import { Problem } from './problem.js';
import { declareRoute } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Only pages of this site may ask. */
    fromOwnPages?: boolean;
  }
  interface FastifyRequest {
    session: OpenSession | null;
  }
}

/** For unsafe routes that a browser without a session may use: signing somebody else in is an attack too. */
export const FromOwnPages = (): MethodDecorator => declareRoute({ fromOwnPages: true });

/**
 * `__Host-`: https only, this host only, the whole site. Chrome and Firefox count a loopback address as safe
 * and take it there without https; Safari does not, so the demo needs one of them.
 */
const cookieName = '__Host-session';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** The browser's token, whether or not it is that of a session. */
export function browserToken({ headers }: FastifyRequest): string | null {
  // Ours alone is looked for, and it is made of characters that are never quoted or escaped.
  const own = (headers.cookie ?? '').split(';').map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`));
  const token = own[0]?.slice(cookieName.length + 1) ?? '';
  return own.length === 1 && tokenPattern.test(token) ? token : null;
}

/** Without an age: it ends with the browser, or when the server says so. */
export function giveToken(reply: FastifyReply, token: string): void {
  void reply.header('set-cookie', `${cookieName}=${token}; ${attributes}`);
}

export function takeTokenAway(reply: FastifyReply): void {
  void reply.header('set-cookie', `${cookieName}=; ${attributes}; Max-Age=0`);
}

const loopbackHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** The origin that pages of this service have, as the server knows it; null where it must not be guessed. */
export function ownOrigin(
  { headers: { host = '' } }: FastifyRequest, publicOrigin: string | null,
): string | null {
  if (publicOrigin !== null) return publicOrigin;
  return loopbackHost.test(host) ? `http://${host}` : null;
}

/**
 * Three locks on the same door: SameSite keeps the cookie from foreign pages, the Origin says whose page it
 * is, and a header that no form can send makes every foreign script ask first.
 */
export const ownPagesHeader = 'x-treasury-request';

export function requireOwnPage(request: FastifyRequest, publicOrigin: string | null): void {
  const { origin, [ownPagesHeader]: mark } = request.headers;
  const own = ownOrigin(request, publicOrigin);
  if (own === null || origin !== own || mark !== '1') throw new Problem('http/foreign-origin');
}

/** Nobody yet. Facts of what such a request does name the person by other ids. */
const unsigned: Principal = { id: 'unsigned-caller', roles: [] };

/** A new command each time: the challenge in it is for one attempt, so nothing can be repeated anyway. */
export const unsignedContext = (request: FastifyRequest, now: number): CommandContext => ({
  principal: unsigned, commandId: randomUUID(), fingerprint: 'unsigned', at: new Date(now).toISOString(),
  correlationId: request.id,
});

const sessionOf = (execution: ExecutionContext): OpenSession => {
  const { session } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (session === null) throw new Problem('session/required');
  return session;
};

/** The session of who asks. Demo tokens and API credentials have none. */
export const OwnSession =
  createParamDecorator((_: unknown, execution: ExecutionContext) => sessionOf(execution));

/** Card and password are asked for again before what cannot be taken back. */
const recentMs = 5 * 60_000;

export function requireRecent({ authenticatedAt }: OpenSession, now: number): void {
  if (now - authenticatedAt > recentMs) throw new Problem('session/reauthentication-required');
}

/** Card or certificate were shown once more: the session goes on under a new token. Answers when it ends. */
export async function renewSession(
  reply: FastifyReply, sessions: Identity['sessions'], { sessionId }: OpenSession,
): Promise<string> {
  const renewed = await sessions.renew(sessionId);
  if (renewed === null) throw new Problem('http/unauthenticated');
  giveToken(reply, renewed.token);
  return renewed.endsAt;
}

/** Only who signed in with a registered card has one at hand. */
export function registrationOfSession({ registrationId, agentId, sessionId }: OpenSession): OwnRegistration {
  if (registrationId === null || agentId === null) throw new Problem('session/required');
  return { registrationId, agentId, sessionId };
}

export const principalOfSession = (
  { personId, applicantId, isPayee, registrationId }: OpenSession, staffRoles: readonly Role[],
): Principal => {
  const roles: readonly Role[] = isPayee ? ['payee', ...staffRoles] : staffRoles;
  return { id: personId, roles, applicantId, card: registrationId === null ? '自然人憑證' : '健保卡' };
};
