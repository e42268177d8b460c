import { randomUUID } from 'node:crypto';
import { readConfig } from '../../src/infrastructure/config.js';
import { openTracing } from '../../src/infrastructure/tracing/open-tracing.js';
import type { Tracing } from '../../src/infrastructure/tracing/tracing.js';
import { noTracing } from '../../src/infrastructure/tracing/tracing.js';
import type { Service } from '../http/support/service.js';
import { principal, startService } from '../http/support/service.js';
import { bank, caughtUp, person, populate, registered } from '../http/support/world.js';
import type { CollectedSpan } from './collector.js';
import { factsOf, openCollector } from './collector.js';

// Planted where personal data goes in, and looked for in what leaves for the collector.
const canary = {
  idNumber: 'A900207177', name: '金絲雀甲', accountName: '金絲雀乙', accountNumber: '90817263540011',
  agencyName: '金絲雀丙',
};
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callersSpan = '00f067aa0ba902b7';
const correlationId = randomUUID();

const loaded = (): boolean => Object.keys(require.cache).some((path) => path.includes('/sdk-trace/'));

describe('without a collector', () => {
  it('nothing of tracing is loaded', async () => {
    expect(await openTracing(readConfig({}))).toBe(noTracing);
    expect(loaded()).toBe(false);
  });
});

describe('with a collector', () => {
  let collector: Awaited<ReturnType<typeof openCollector>>;
  let service: Service;
  let tracing: Tracing;
  let token: Record<string, string>;
  let url: string;

  beforeAll(async () => {
    collector = await openCollector();
    tracing = await openTracing(readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }));
    service = await startService(undefined, undefined, tracing);
    await service.server.app.listen(0, '127.0.0.1');
    url = `${await service.server.app.getUrl()}/api/v1`;
    await populate(service);
    const payee = await registered(service, principal('payee'), person(canary.idNumber, canary.name));
    token = service.bearer(payee);
    await fetch(`${url}/accounts`, {
      method: 'POST',
      headers: {
        ...token, 'content-type': 'application/json', 'x-correlation-id': correlationId,
        'traceparent': `00-${traceId}-${callersSpan}-01`,
      },
      body: JSON.stringify({
        bankCode: bank, accountNumber: canary.accountNumber, accountName: canary.accountName,
      }),
    });
    const [agencyName, name] = [canary.agencyName, canary.name].map(encodeURIComponent);
    await fetch(`${url}/reconciliations?agencyName=${agencyName}`, { headers: token });
    await fetch(`${url}/${name}/${canary.idNumber}`, { headers: token });
    await expect(tracing.during('planted', async () => { throw new RangeError(canary.name); }, () => ({})))
      .rejects.toThrow(canary.name);
    await caughtUp(service);
    await service.close();
    await tracing.close();
  });
  afterAll(() => collector.close());

  const named = (name: string): CollectedSpan[] => collector.spans().filter((span) => span.name === name);

  it('a request is part of its caller\'s trace, under its correlation id', () => {
    expect(loaded()).toBe(true);
    const [request] = named('POST /api/v1/accounts').filter((span) => span.traceId === traceId);
    expect(request?.parentSpanId).toBe(callersSpan);
    expect(factsOf(request as CollectedSpan)).toEqual({
      'http.request.method': 'POST', 'http.route': '/api/v1/accounts', 'http.response.status_code': 201,
      'treasury.correlation_id': correlationId,
    });
  });

  it('an append is part of the request it came of', () => {
    const [request] = named('POST /api/v1/accounts').filter((span) => span.traceId === traceId);
    const [append] = named('append').filter((span) => span.traceId === traceId);
    expect(append?.parentSpanId).toBe(request?.spanId);
    expect(factsOf(append as CollectedSpan)).toEqual({
      'treasury.outcome': 'appended', 'treasury.streams': 1, 'treasury.facts': 1,
      'treasury.correlation_id': correlationId,
    });
  });

  it('a batch of a projection tells its table, how many facts and up to where', () => {
    const batches = named('projection batch').map(factsOf);
    expect(new Set(batches.map((facts) => facts['treasury.projection'])).has('accounts')).toBe(true);
    for (const facts of batches) {
      expect(facts).toEqual({
        'treasury.projection': expect.any(String), 'treasury.facts': expect.any(Number),
        'treasury.position': expect.stringMatching(/^\d+$/),
      });
    }
  });

  it('work that failed tells the kind of its error', () => {
    const [failed] = named('planted');
    expect(failed?.status.code).toBe(2);
    expect(factsOf(failed as CollectedSpan)).toEqual({ 'error.type': 'RangeError' });
  });

  it('neither addresses nor anything personal leaves', () => {
    const text = decodeURIComponent(collector.text());
    expect(text).toContain('GET /api/v1/reconciliations');
    for (const planted of [...Object.values(canary), 'agencyName', '?']) expect(text).not.toContain(planted);
    expect(named('GET none')).toHaveLength(1);
  });
});
