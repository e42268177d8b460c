import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenAPIObject } from '@nestjs/swagger';
import { refusals } from '../../src/infrastructure/http/refusals.js';
import type { Service } from './support/service.js';
import { startService } from './support/service.js';

let service: Service;
let text: string;
let operations: readonly { name: string; operation: Operation }[];
interface Operation {
  readonly summary?: string;
  readonly security?: unknown;
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>;
}

beforeAll(async () => {
  service = await startService();
  text = (await service.as(null).get('/api/v1/openapi.json')).body;
  const { paths } = JSON.parse(text) as OpenAPIObject;
  operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods as Record<string, Operation>).map(([method, operation]) =>
      ({ name: `${method} ${path}`, operation })));
});
afterAll(async () => { await service.close(); });

describe('the API document', () => {
  it('is committed as it is served: npm run openapi writes it', () =>
    expect(readFileSync(join(__dirname, '../../docs/api/openapi.json'), 'utf8')).toBe(text));

  it('describes every operation and what it answers', () => {
    const answers = ({ responses }: Operation): boolean =>
      Object.entries(responses).some(([status, { content }]) => status < '300' && content !== undefined);
    const undescribed = operations.filter(({ operation }) => !operation.summary || !answers(operation));
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });

  it('leads nowhere it does not go', () => {
    const { components } = JSON.parse(text) as OpenAPIObject;
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !(name in (components?.schemas ?? {})))).toEqual([]);
  });

  it('asks for a token exactly where one is needed', async () => {
    for (const { name, operation } of operations) {
      const [method = '', path = ''] = name.split(' ');
      const url = path.replace(/\{\w+\}/g, 'x');
      const response = await service.send({ method: method.toUpperCase() as 'GET', url });
      expect([name, operation.security !== undefined]).toEqual([name, response.statusCode === 401]);
    }
  });

  it('serves a page to read and try it', async () => {
    const page = await service.as(null).get('/docs');
    expect([page.statusCode, page.headers['content-type']]).toEqual([200, 'text/html']);
    expect(page.body).toContain('國庫電子化對帳服務 API');
    const { statusCode, headers } = await service.as(null).get('/');
    expect([statusCode, headers.location]).toEqual([302, '/docs']);
  });
});

describe('refusals', () => {
  it.each(Object.entries(refusals))('%s has a status and words in both languages', (code, row) => {
    const { status, zh, en } = row;
    expect(code).toMatch(/^[a-z-]+\/[a-z0-9-]+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(zh).toMatch(/\p{Script=Han}/u);
    expect(en).toMatch(/^[A-Z].*[^.]$/);
  });
});
