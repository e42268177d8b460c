import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../../src/infrastructure/config-page.js';
import { settings } from '../../src/infrastructure/config.js';
import { metricsPage } from '../../src/infrastructure/metrics/metrics-page.js';
import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';

const page = (file: string): string => readFileSync(join(__dirname, '../../docs', file), 'utf8');

describe('the page of settings', () => {
  it('is committed as the code has it: npm run configuration writes it', () =>
    expect(page('CONFIGURATION.md')).toBe(configurationPage()));

  it.each(Object.keys(settings))('has a row of its own for %s', (name) => {
    const rows = configurationPage().split('\n').filter((line) => line.startsWith(`| \`${name}\` |`));
    expect(rows).toEqual([expect.stringMatching(/\|[^|]+\|[^|]+\|[^|]+\|[^|]{20,}\|$/)]);
  });

  it('tells defaults and limits', () => {
    const text = configurationPage();
    expect(text).toContain('| `PORT` | `3000` | 0–65,535 |');
    expect(text).toContain('| `ROLES` | `api,projector,worker` | any of api, projector, worker |');
  });
});

describe('the metrics of a process', () => {
  let service: Service;
  let told: string;
  beforeAll(async () => {
    service = await startService();
    const caller = service.as(principal('payee'));
    await caller.get('/api/v1/payments/6f1c7a52-3f0e-5d1b-9a55-2f6f0c1f8d11/history');
    await caller.get('/api/v1/applicant?A123456789');
    await caller.get('/no/such/A123456789');
    const meta = { fingerprint: 'f', by: principal('auditor').id, at: '2026-03-02T01:00:00.000Z' };
    await service.parts.log.append([], { ...meta, commandId: '0e0a3c9e-4d5f-4a80-8d5e-0f2b1d8a7a10' });
    told = await service.parts.metrics.registry.metrics();
  });
  afterAll(async () => { await service.close(); });

  it('are those of the committed page: npm run configuration writes it', () =>
    expect(page('METRICS.md')).toBe(metricsPage(service.parts.metrics)));

  it('name routes by their pattern, never by what was asked for', () => {
    const requests = (route: string): string =>
      `treasury_http_request_seconds_count{method="GET",route="${route}",status="404"} 1`;
    expect(told).toContain(requests('/api/v1/payments/:paymentId/history'));
    expect(told).toContain(requests('none'));
    expect(told).not.toMatch(/A123456789|6f1c7a52/);
  });

  it.each([
    'treasury_append_seconds_count{outcome="appended"} 1', 'treasury_append_group_size_count 1',
    'treasury_appends_in_work 0', 'treasury_batch_deliveries_pending 0',
    'treasury_projection_lag_events{projection="reconciliation"} 0',
    'treasury_projection_lag_seconds{projection="reconciliation"} 0',
    'treasury_pool_connections{pool="requests",state="waiting"} 0',
    'treasury_queue_length{queue="appends"} 0', 'treasury_queue_length{queue="pool requests"} 0',
    'treasury_pool_connections{pool="log reader",state="total"}',
  ])('tell %s', (line) => expect(told).toContain(line));

  it('leave out what cannot be read, and tell the rest', async () => {
    const { pool, metrics } = service.parts;
    const query = pool.query;
    pool.query = (async () => { throw new Error('the database does not answer'); }) as typeof pool.query;
    const without = await metrics.registry.metrics().finally(() => { pool.query = query; });
    expect(without).not.toMatch(/^treasury_(projection_lag_\w+|batch_deliveries_pending)[ {]/m);
    expect(without).toContain('treasury_append_seconds_count');
  });
});
