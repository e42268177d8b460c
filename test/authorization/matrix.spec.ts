import type { Response } from 'light-my-request';
import type { Stage } from './support/asking.js';
import { openStage, requestFor, told } from './support/asking.js';
import type { PrincipalName } from './support/cast.js';
import { principals } from './support/cast.js';
import { reviewedMatrix } from './support/matrix.js';
import type { RouteRequest } from './support/route-requests.js';
import { requests } from './support/route-requests.js';

const matrix = reviewedMatrix();
let stage: Stage;
beforeAll(async () => { stage = await openStage(); });
afterAll(async () => { await stage.close(); });

const requestOf = (route: string, of: string): RouteRequest => {
  const request = requestFor(route, of);
  if (!request) throw new Error(`${route} of ${of} is in matrix.txt, but nobody says how to ask`);
  return request;
};

describe('the routes of the server', () => {
  const served = (): string[] => [...new Set(stage.service.server.routes.all()
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url}`))].sort();

  it('are those of the reviewed matrix, no more and no fewer', () =>
    expect(served()).toEqual([...new Set(matrix.map(({ route }) => route))].sort()));

  it('are those of the API document', async () => {
    const document = await stage.service.as(null).get('/api/v1/openapi.json');
    const { paths } = document.json<{ paths: Record<string, object> }>();
    const inDocument = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods)
      .map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`));
    const itself = ['GET /', 'GET /api/v1/openapi.json'];
    expect(inDocument.sort()).toEqual(served().filter((route) => !itself.includes(route)));
  });

  it('are asked for in every row', () =>
    expect(requests.map(({ route, of }) => `${route.split('?')[0]} ${of}`).sort())
      .toEqual(matrix.map(({ route, of }) => `${route} ${of}`).sort()));
});

describe.each(matrix)('$route of $of', ({ route, of, answers }) => {
  it('answers everybody as it is written', async () => {
    const found: Partial<Record<PrincipalName, string>> = {};
    for (const name of principals) found[name] = told(await stage.ask(requestOf(route, of), name));
    expect(found).toEqual(answers);
  });

  it('turns away at the door, whatever is asked', async () => {
    const turnedAway = principals.filter((name) => ['401', '403'].includes(answers[name]));
    const found: [string, string][] = [];
    for (const name of turnedAway) {
      found.push([name, told(await stage.askSpoiled(requestOf(route, of), name))]);
    }
    expect(found).toEqual(turnedAway.map((name) => [name, answers[name]]));
  });
});

describe('somebody else\'s thing', () => {
  const unlike = matrix.filter(({ of }) => !['-', 'nobodys'].includes(of))
    .filter(({ route }) => matrix.some((row) => row.route === route && row.of === 'nobodys'));
  const kept = (response: Response) => {
    const { date: _date, 'x-correlation-id': _id, 'idempotency-key': _key, ...headers } = response.headers;
    return { status: response.statusCode, body: response.body, headers };
  };

  it.each(unlike)('answers as one that does not exist: $route of $of', async ({ route, of, answers }) => {
    const strangers = principals.filter((name) => answers[name] === '404');
    for (const name of strangers) {
      if (isTheCompanys(route, name)) continue;
      const [theirs, nobodys] =
        [await stage.ask(requestOf(route, of), name), await stage.ask(requestOf(route, 'nobodys'), name)];
      expect([name, kept(theirs)]).toEqual([name, kept(nobodys)]);
    }
  });

  /** The holder is told which of the accounts it named is none of the delegation's. */
  const isTheCompanys = (route: string, name: PrincipalName): boolean =>
    route.endsWith('/revocations') && name === 'company';
});

describe('what cannot be taken back', () => {
  const sensitive = [
    'POST /api/v1/api-credentials', 'POST /api/v1/delivery-credentials', 'POST /api/v1/delegations',
    'POST /api/v1/delegation-offers', 'POST /api/v1/delegation-offers/acceptances',
    'POST /api/v1/delegations/:delegationId/revocations', 'POST /api/v1/delegate-verifications',
    'POST /api/v1/reviews/:accountId/approval', 'POST /api/v1/reviews/:accountId/rejection',
    'POST /api/v1/staff', 'DELETE /api/v1/staff/:memberId', 'PUT /api/v1/registration/password',
    'PUT /api/v1/registration/email', 'PUT /api/v1/registration/mobile',
    'DELETE /api/v1/registration/devices/:agentId',
  ];

  it.each(matrix.filter(({ route }) => sensitive.includes(route)))(
    'needs the card once more: $route of $of', async ({ route, of }) => {
      const { ask } = requestOf(route, of);
      const who = route.includes('/reviews/') ? 'reviewer'
        : route.includes('/staff') || route.includes('/delivery') ? 'operator' : 'company';
      const { headers, ...request } = ask(stage.cast.things);
      const stale = { ...headers, ...await stage.cast.stale(who) };
      const response = await stage.service.send(
        { ...request, method: route.split(' ')[0] as 'POST', headers: stale });
      expect(told(response)).toBe('session/reauthentication-required');
    });
});

describe('a page of another site', () => {
  const unsafe = matrix.filter(({ route }) => !route.startsWith('GET ') && !route.startsWith('HEAD '));

  it.each(unsafe)('sends nothing with a visitor\'s cookie: $route of $of', async ({ route, of }) => {
    for (const name of ['payee', 'operator'] as const) {
      const { headers, ...request } = requestOf(route, of).ask(stage.cast.things);
      const foreign = { ...headers, ...await stage.cast.headersOf(name), origin: 'https://elsewhere.example' };
      const response = await stage.service.send(
        { ...request, method: route.split(' ')[0] as 'POST', headers: foreign });
      expect(told(response)).toBe('page');
    }
  });
});
