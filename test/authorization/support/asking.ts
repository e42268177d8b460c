import type { InjectOptions, Response } from 'light-my-request';
import type { Service } from '../../http/support/service.js';
import { startService } from '../../http/support/service.js';
import type { Cast, PrincipalName } from './cast.js';
import { assemble } from './cast.js';
import { wordsForCodes } from './matrix.js';
import type { RouteRequest } from './route-requests.js';
import { requests } from './route-requests.js';

export interface Stage {
  readonly service: Service;
  readonly cast: Cast;
  ask(request: RouteRequest, name: PrincipalName): Promise<Response>;
  /** The same, spoiled: whoever may not ask at all is told so before anybody looks at what was asked. */
  askSpoiled(request: RouteRequest, name: PrincipalName): Promise<Response>;
  close(): Promise<void>;
}

/** Slow enough for programs, which may ask so often and no oftener; no session gets old by it. */
const pauseMs = 300;

export async function openStage(): Promise<Stage> {
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const identity = { publicOrigin: null, mailFrom: 'a@b.invalid', demo: false, now };
  const service = await startService(undefined, identity);
  const cast = await assemble(service);
  const send = async (name: PrincipalName, method: string, request: Omit<InjectOptions, 'method'>) => {
    ahead += pauseMs;
    const headers = { ...request.headers, ...await cast.headersOf(name) };
    return service.send({ ...request, method: method as 'GET', headers });
  };
  return {
    service, cast,
    ask: ({ route, ask }, name) => send(name, methodOf(route), ask(cast.things)),
    askSpoiled: ({ route, ask }, name) => {
      const { url } = ask(cast.things);
      const method = methodOf(route);
      if (method === 'GET') return send(name, method, { url: `${String(url).split('?')[0]}?spoiled=1` });
      return send(name, method, { url, payload: 'x', headers: { 'content-type': 'text/plain' } });
    },
    close: () => service.close(),
  };
}

const methodOf = (route: string): string => route.split(' ')[0] ?? '';

export const requestFor = (route: string, of: string): RouteRequest | undefined =>
  requests.find((one) => one.route.split('?')[0] === route && one.of === of);

/** As the table writes it. */
export function told(response: Response): string {
  const { statusCode: status } = response;
  if (status !== 403) return String(status);
  const { code = '' } = response.json<{ code?: string }>();
  return code === 'http/forbidden' ? '403' : wordsForCodes[code] ?? code;
}
