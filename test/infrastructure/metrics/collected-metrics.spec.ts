import type { LagReading } from '../../../src/infrastructure/metrics/collected-metrics.js';
import {
  collectLags, collectPendingDeliveries,
} from '../../../src/infrastructure/metrics/collected-metrics.js';
import {
  Metrics, appendOutcomes, batchOutcomes, refusalReasons, signInResults,
} from '../../../src/infrastructure/metrics/metrics.js';

const never = new Promise<never>(() => undefined);
const lag: LagReading = { projection: 'accounts', lag: { events: 3, seconds: 0.5 } };

/** Figures as Prometheus would see them, without their descriptions. */
async function scrape(metrics: Metrics): Promise<string[]> {
  const lines = (await metrics.registry.metrics()).split('\n');
  return lines.filter((line) =>
    /^treasury_(projection_lag|batch_deliveries|http_refused\w+\{reason="database)/.test(line));
}

describe('a process to which nothing has happened yet', () => {
  it.each([
    ['treasury_http_refused_total', 'reason', refusalReasons],
    ['treasury_sign_ins_total', 'result', signInResults],
    ['treasury_batches_total', 'outcome', batchOutcomes],
    ['treasury_append_seconds_count', 'outcome', appendOutcomes],
    ['treasury_projector_troubles_total', 'projection', ['accounts']],
  ])('has every known series of %s, at 0', async (name, label, values) => {
    const metrics = new Metrics();
    metrics.setProjectorState('accounts', 'working');
    const lines = (await metrics.registry.metrics()).split('\n');
    expect(lines.filter((line) => line.startsWith(`${name}{`)))
      .toEqual(values.map((value) => `${name}{${label}="${value}"} 0`));
  });

  it('counts the first event from there', async () => {
    const metrics = new Metrics();
    metrics.setProjectorState('accounts', 'working');
    metrics.projectorTroubles.inc({ projection: 'accounts' });
    metrics.setProjectorState('accounts', 'waiting');
    expect(await metrics.registry.getSingleMetricAsString('treasury_projector_troubles_total'))
      .toContain('treasury_projector_troubles_total{projection="accounts"} 1');
  });
});

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
