import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Principal, Role } from '../../application/command-context.js';
import { apiTokenPrefix } from '../api-credentials/api-token.js';
import type { Authenticator, SessionReader } from './authenticator.js';
import { browserToken, principalOfSession, requireOwnPage, requireRecent } from './browsers.js';
import { Problem } from './problem.js';
import { declareRoute } from './route-config.js';

/** `anyone`: no sign-in asked. Otherwise the caller must hold one of the roles. */
export type Access = 'anyone' | readonly Role[];
export type BodyType = 'application/json' | 'text/csv';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    body?: BodyType;
    /** Card or certificate must have been shown a moment ago. */
    sensitive?: boolean;
  }
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** Who may call a route: `@Access('reviewer', 'auditor')`. Without it the service does not start. */
export const Access = (first: 'anyone' | Role, ...more: readonly Role[]): MethodDecorator =>
  declareRoute({ access: first === 'anyone' ? first : [first, ...more] });

/** The one content type of a route's body; a route that does not say takes no body. */
export const Takes = (body: BodyType): MethodDecorator => declareRoute({ body });

/**
 * What cannot be taken back: whoever sits down at a browser that was left alone is not let. A bearer token is
 * shown anew with every request, and has no session that could be left open.
 */
export const Sensitive = (): MethodDecorator => declareRoute({ sensitive: true });

/**
 * Deny by default: every route of the server, whoever registered it, before a byte of the body is read.
 * `publicPaths` are those of tools that register routes of their own (the API's documentation).
 */
export function guardRoutes(
  server: FastifyInstance, callers: KnownCallers, publicPaths: readonly string[],
): void {
  server.decorateRequest('principal', null);
  server.decorateRequest('session', null);
  server.addHook('onRoute', (route) => requireDeclaration(route, publicPaths));
  server.addHook('onRequest', async (request, reply) => {
    requireOwnPages(request, callers);
    request.principal = await callerOf(request, callers);
    // What somebody signed in was shown is theirs: no proxy or shared browser keeps it.
    if (request.principal !== null) reply.header('cache-control', 'no-store');
    if (request.is404) return;
    requireRole(request.routeOptions.config.access, request.principal);
    if (request.routeOptions.config.sensitive && request.session !== null) {
      requireRecent(request.session, callers.identity.now());
    }
    requireBodyType(request, request.routeOptions.config.body);
  });
}

/** By a bearer token, or by the session of a browser. */
export interface KnownCallers {
  readonly authenticator: Authenticator;
  /** Programs, by tokens of their own kind. */
  readonly apiCallers: Authenticator;
  readonly identity: {
    readonly sessions: SessionReader;
    readonly publicOrigin: string | null;
    /** Those an entry on the staff list gives now. */
    staffRoles(memberId: string): Promise<readonly Role[]>;
    /** Milliseconds; what every limit in time is judged by. */
    now(): number;
  };
}

function requireDeclaration(route: RouteOptions, publicPaths: readonly string[]): void {
  if (publicPaths.some((path) => route.url === path || route.url.startsWith(`${path}/`))) {
    route.config = { ...route.config, access: 'anyone' };
  }
  if (route.config?.access === undefined) {
    throw new Error(`${String(route.method)} ${route.url} does not declare who may call it: add @Access(…)`);
  }
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser sends its cookie by itself: whatever changes something must come from a page of ours. */
function requireOwnPages(request: FastifyRequest, { identity: { publicOrigin } }: KnownCallers): void {
  if (safeMethods.has(request.method)) return;
  const { config } = request.routeOptions;
  const comesWithCookie = request.headers.authorization === undefined && browserToken(request) !== null;
  if (config?.fromOwnPages || comesWithCookie) requireOwnPage(request, publicOrigin);
}

async function callerOf(request: FastifyRequest, callers: KnownCallers): Promise<Principal | null> {
  const { authenticator, apiCallers, identity } = callers;
  const header = request.headers.authorization;
  if (header === undefined) return callerOfSession(request, identity);
  const token = /^Bearer ([\w.~+/=-]{1,4096})$/i.exec(header)?.[1];
  const knowing = token?.startsWith(apiTokenPrefix) ? apiCallers : authenticator;
  const principal = token === undefined ? null : await knowing.authenticate(token);
  if (principal === null) throw new Problem('http/unauthenticated');
  return principal;
}

/** A cookie whose session has ended is one of nobody, not a mistake: its browser has yet to hear of it. */
async function callerOfSession(
  request: FastifyRequest, { sessions, staffRoles }: KnownCallers['identity'],
): Promise<Principal | null> {
  const token = browserToken(request);
  request.session = token === null ? null : await sessions.open(token);
  if (request.session === null) return null;
  const { memberId } = request.session;
  return principalOfSession(request.session, memberId === null ? [] : await staffRoles(memberId));
}

function requireRole(access: Access | undefined, principal: Principal | null): void {
  if (access === 'anyone') return;
  if (access === undefined) throw new Problem('http/forbidden');
  if (principal === null) throw new Problem('http/unauthenticated');
  if (!access.some((role) => principal.roles.includes(role))) throw new Problem('http/forbidden');
}

/** Many clients send `application/json` with an empty body to a route without one: harmless. */
function requireBodyType(request: FastifyRequest, wanted: BodyType | undefined): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const given = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  const fits = wanted === undefined ? given === undefined || given === 'application/json' : given === wanted;
  if (!fits) throw new Problem('http/unsupported-media-type');
  const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') throw new Problem('http/unsupported-encoding');
}
