import type { LagReading } from '../../../src/infrastructure/metrics/collected-metrics.js';
import {
  collectLags, collectPendingDeliveries,
} from '../../../src/infrastructure/metrics/collected-metrics.js';
import { Metrics } from '../../../src/infrastructure/metrics/metrics.js';

const never = new Promise<never>(() => undefined);
const lag: LagReading = { projection: 'accounts', lag: { events: 3, seconds: 0.5 } };

/** Figures as Prometheus would see them, without their descriptions. */
async function scrape(metrics: Metrics): Promise<string[]> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines.filter((line) => /^treasury_(projection_lag|batch_deliveries|http_refused)/.test(line));
}

describe('a scrape', () => {
  let metrics: Metrics;
  let lags: () => Promise<readonly LagReading[]>;
  let pending: () => Promise<number>;
  beforeEach(() => {
    metrics = new Metrics();
    metrics.requestsRefused.inc({ reason: 'database-unreachable' });
    collectLags(metrics, () => lags());
    collectPendingDeliveries(metrics, () => pending());
  });
  const refused = 'treasury_http_refused_total{reason="database-unreachable"} 1';

  it('tells what it reads from the database', async () => {
    [lags, pending] = [async () => [lag], async () => 2];
    expect(await scrape(metrics)).toEqual([
      refused, 'treasury_projection_lag_seconds{projection="accounts"} 0.5',
      'treasury_projection_lag_events{projection="accounts"} 3', 'treasury_batch_deliveries_pending 2',
    ]);
  });

  it.each([
    ['says nothing', () => never], ['refuses', () => Promise.reject(new Error('no connection'))],
  ])('of a process whose database %s tells the rest long before Prometheus gives up', async (_, read) => {
    [lags, pending] = [async () => [lag], async () => 2];
    await scrape(metrics);
    [lags, pending] = [read, read];
    const startedAt = performance.now();
    expect(await scrape(metrics)).toEqual([refused]);
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});
