import type { Config } from '../config.js';
import { DeferredEventStore } from './deferred-event-store.js';
import type { EventStore } from './event-store.js';
import type { KurrentOptions } from './kurrent/options.js';
import type { StoreObserver } from './postgres/postgres-event-store.js';
import { PostgresEventStore } from './postgres/postgres-event-store.js';

export interface KurrentServer {
  /** A connection string, password included: never to be shown. */
  readonly url: string;
  readonly options: KurrentOptions;
}

type KurrentSettings = Pick<Config,
  'EVENT_STORE_URL' | 'EVENT_STORE_DEADLINE_MS' | 'EVENT_STORE_KEEPALIVE_INTERVAL_MS'
  | 'EVENT_STORE_KEEPALIVE_TIMEOUT_MS' | 'EVENT_STORE_MAX_APPEND_BYTES' | 'EVENT_STORE_PARALLEL_CALLS'>;

/** Undefined: the log is in PostgreSQL, beside the tables. */
export function kurrentServerOf(config: KurrentSettings): KurrentServer | undefined {
  const url = config.EVENT_STORE_URL;
  return url === undefined ? undefined : {
    url,
    options: {
      deadlineMs: config.EVENT_STORE_DEADLINE_MS,
      keepAliveIntervalMs: config.EVENT_STORE_KEEPALIVE_INTERVAL_MS,
      keepAliveTimeoutMs: config.EVENT_STORE_KEEPALIVE_TIMEOUT_MS,
      maxAppendBytes: config.EVENT_STORE_MAX_APPEND_BYTES,
      parallelCalls: config.EVENT_STORE_PARALLEL_CALLS,
    },
  };
}

/** Connects at its first use. */
export function openEventStore(
  databaseUrl: string, kurrent: KurrentServer | undefined, observer?: StoreObserver,
): EventStore {
  if (kurrent === undefined) return new PostgresEventStore(databaseUrl, observer);
  return new DeferredEventStore(async () => {
    const { openKurrentEventStore } = await import('./kurrent/kurrent-event-store.js');
    return openKurrentEventStore(kurrent.url, kurrent.options, (waiting) => observer?.queues(waiting));
  });
}
