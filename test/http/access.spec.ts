import { callers, table } from './support/access-table.js';
import type { Service } from './support/service.js';
import { startService } from './support/service.js';
import type { World } from './support/world.js';
import { caughtUp, populate } from './support/world.js';

let service: Service;
let world: World;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  await caughtUp(service);
});
afterAll(async () => { await service.close(); });

describe('the routes of the server', () => {
  const documented = (url: string): boolean => url !== '/api/v1/openapi.json';
  const served = (): string[] => [...new Set(service.server.routes.all()
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
    .map(({ method, url }) => `${method} ${url}`))].sort();

  it('are those of the reviewed table, no more and no fewer', () => {
    expect(served()).toEqual(table.map(({ route }) => route).sort());
  });

  it('are those of the API document', async () => {
    const document = await service.as(null).get('/api/v1/openapi.json');
    const { paths } = document.json<{ paths: Record<string, object> }>();
    const inDocument = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods)
      .map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`));
    expect(inDocument.sort()).toEqual(served().filter((route) => documented(route.split(' ')[1] ?? '')));
  });
});

describe.each(table)('$route', ({ route, ask, answers }) => {
  it.each(callers.map((caller, i) => ({ caller, status: answers[i] })))(
    'answers $caller $status', async ({ caller, status }) => {
      const [method] = route.split(' ') as ['GET'];
      const { headers, ...request } = ask(world);
      const who = caller === 'anonymous' ? {} : service.bearer(world.people[caller]);
      const response = await service.send({ method, ...request, headers: { ...headers, ...who } });
      expect({ status: response.statusCode, body: response.body.slice(0, 300) }).toMatchObject({ status });
    });
});
