import { Gauge } from 'prom-client';
import type { Pool } from 'pg';
import { pause } from '../postgres/connection-loss.js';
import type { Metrics } from './metrics.js';

/** How far one table is behind the log. */
export interface LagReading {
  readonly projection: string;
  readonly lag: { readonly events: number | null; readonly seconds: number };
}

/** Read at the moment of the scrape, so that it costs nothing while nobody looks. */
export function collectPools(metrics: Metrics, pools: ReadonlyMap<string, Pool>): void {
  new Gauge({
    name: 'treasury_pool_connections', labelNames: ['pool', 'state'], registers: [metrics.registry],
    help: 'Connections of each pool of this process by state: total, idle; waiting counts who waits for one',
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of pools) {
        this.set({ pool, state: 'total' }, totalCount);
        this.set({ pool, state: 'idle' }, idleCount);
        this.set({ pool, state: 'waiting' }, waitingCount);
      }
    },
  });
}

export function collectQueues(
  metrics: Metrics, queues: ReadonlyMap<string, () => number>, pools: ReadonlyMap<string, Pool>,
): void {
  new Gauge({
    name: 'treasury_queue_length', labelNames: ['queue'], registers: [metrics.registry],
    help: 'Who waits in this process: requests for their turn, appends for the log, and whoever for a '
      + 'connection of a pool ("pool …")',
    collect() {
      for (const [queue, length] of queues) this.set({ queue }, length());
      for (const [pool, { waitingCount }] of pools) this.set({ queue: `pool ${pool}` }, waitingCount);
    },
  });
}

/** Prometheus gives a scrape ten seconds, and a database that says nothing is waited for as long. */
const longestReadMs = 1_500;

/** None where it fails or takes longer than a scrape may wait. */
async function readInTime<T>(read: Promise<T>): Promise<T | null> {
  const over = new AbortController();
  const tooLate = pause(longestReadMs, over.signal).then(() => null);
  try {
    return await Promise.race([read, tooLate]);
  } catch {
    return null;
  } finally {
    over.abort();
  }
}

/**
 * A scrape without a database still tells everything else: what could not be read is missing from it, and
 * never old.
 */
export function collectLags(metrics: Metrics, read: () => Promise<readonly LagReading[]>): void {
  // The two gauges of one scrape share one reading.
  let reading: Promise<readonly LagReading[]> | null = null;
  const lags = (): Promise<readonly LagReading[]> => {
    reading ??= read().finally(() => { reading = null; });
    return readInTime(reading).then((read) => read ?? []);
  };
  const registers = [metrics.registry];
  new Gauge({
    name: 'treasury_projection_lag_seconds', labelNames: ['projection'], registers,
    help: 'Age of the oldest fact a table has not passed yet; 0 if there is none. The same in every process',
    async collect() {
      const read = await lags();
      this.reset();
      for (const { projection, lag } of read) this.set({ projection }, lag.seconds);
    },
  });
  new Gauge({
    name: 'treasury_projection_lag_events', labelNames: ['projection'], registers,
    help: 'Facts a table has not passed yet. The same in every process; missing over KurrentDB, '
      + 'whose positions do not count facts',
    async collect() {
      const read = await lags();
      this.reset();
      for (const { projection, lag } of read) if (lag.events !== null) this.set({ projection }, lag.events);
    },
  });
}

export function collectPendingDeliveries(metrics: Metrics, read: () => Promise<number>): void {
  new Gauge({
    name: 'treasury_batch_deliveries_pending', registers: [metrics.registry],
    help: 'Delivered files that wait for a worker or are being worked on. The same in every process',
    async collect() {
      const pending = await readInTime(read());
      if (pending === null) this.remove();
      else this.set(pending);
    },
  });
}
