import type { IncomingMessage } from 'node:http';
import { AgentError } from '../agent-error.js';
import type { Audience, Path, Route } from './routes.js';
import { isPath, routes } from './routes.js';

export interface Admission {
  readonly path: Path;
  /** The browser's word, which a page cannot forge; another program on this machine can. */
  readonly origin: string | null;
}

export interface House {
  readonly port: number;
  readonly allowedOrigins: readonly string[];
}

/** The first reason to refuse, or who asks for what. Nothing of the body has been looked at by then. */
export function admit(request: IncomingMessage, house: House): Admission {
  requireOwnHost(request, house);
  const { url, method } = request;
  if (!isPath(url)) throw new AgentError('not-found');
  const route: Route = routes[url];
  if (method !== route.method && method !== 'OPTIONS') throw new AgentError('method-not-allowed');
  const origin = requireOrigin(request, route.audience, house);
  requireContext(request, route.audience);
  if (method === 'OPTIONS') requirePreflight(request, route, origin);
  else if (method === 'POST') requireJson(request);
  return { path: url, origin };
}

/** Somebody else's name made to point to 127.0.0.1 still stands in Host (DNS rebinding). */
function requireOwnHost(request: IncomingMessage, { port }: House): void {
  const hosts = valuesOf(request, 'host');
  const [host = ''] = hosts;
  const own = ownNames.map((name) => `${name}:${port}`);
  if (hosts.length !== 1 || !own.includes(host.toLowerCase())) throw new AgentError('host-not-allowed');
}

const ownNames = ['127.0.0.1', 'localhost', '[::1]'];

function requireOrigin(request: IncomingMessage, audience: Audience, house: House): string | null {
  const [origin, ...more] = valuesOf(request, 'origin');
  if (more.length > 0) throw new AgentError('origin-not-allowed');
  if (origin === undefined) {
    // A browser names the origin of every POST and of every fetch across origins.
    if (audience === 'site' || audience === 'consent-page') throw new AgentError('origin-missing');
    return null;
  }
  const own = `http://${request.headers.host?.toLowerCase()}`;
  const known = audience === 'consent-page' || audience === 'person'
    ? origin === own
    : house.allowedOrigins.includes(origin) || audience === 'looker' && origin === own;
  if (!known) throw new AgentError('origin-not-allowed');
  return origin;
}

const contexts: Readonly<Record<Audience, Readonly<Record<string, readonly string[]>>>> = {
  // Without an Origin it must be no other page that asks: an <img> of any site would come without one.
  looker: { 'sec-fetch-mode': ['cors', 'same-origin', 'navigate'], 'sec-fetch-dest': ['empty', 'document'] },
  site: { 'sec-fetch-mode': ['cors'], 'sec-fetch-dest': ['empty'] },
  person: { 'sec-fetch-mode': ['navigate'], 'sec-fetch-dest': ['document'] },
  'consent-page': {
    'sec-fetch-site': ['same-origin'], 'sec-fetch-mode': ['cors', 'same-origin'], 'sec-fetch-dest': ['empty'],
  },
};

/** Browsers say in which context they ask; older ones and programs do not, and are judged by Origin alone. */
function requireContext(request: IncomingMessage, audience: Audience): void {
  const wrong = Object.entries(contexts[audience]).some(([name, allowed]) => {
    const value = request.headers[name];
    return value !== undefined && !(typeof value === 'string' && allowed.includes(value));
  });
  if (wrong) throw new AgentError('context-not-allowed');
}

/**
 * Chrome's Local Network Access asks the person and sends an ordinary preflight, which is answered here. The
 * headers of its forerunner (Private Network Access) are neither needed nor looked at.
 */
function requirePreflight(
  request: IncomingMessage, { method, audience }: Route, origin: string | null,
): void {
  if (origin === null) throw new AgentError('origin-missing');
  if (audience === 'person' || audience === 'consent-page') throw new AgentError('method-not-allowed');
  if (request.headers['access-control-request-method'] !== method) throw new AgentError('method-not-allowed');
  const asked = request.headers['access-control-request-headers'] ?? '';
  const headers = asked.split(',').map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  if (!headers.every((name) => name === 'content-type')) throw new AgentError('origin-not-allowed');
}

/** A form or a no-cors fetch cannot send this type, so that nothing comes here without a preflight. */
function requireJson(request: IncomingMessage): void {
  const [type = '', ...more] = valuesOf(request, 'content-type');
  const plain = request.headers['content-encoding'] === undefined;
  if (more.length > 0 || !plain || !/^application\/json(; ?charset=utf-8)?$/i.test(type)) {
    throw new AgentError('content-type-not-json');
  }
}

/** From the raw headers: Node keeps the first of several and would hide that there were more. */
function valuesOf({ rawHeaders }: IncomingMessage, wanted: string): string[] {
  return rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === wanted);
}
