import pg from 'pg';
import { socketTo } from './open-sockets.js';

export interface ConnectionOptions {
  /** Shown in pg_stat_activity, so that an operator sees who holds a lock. */
  readonly applicationName: string;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  /** How long the server lets a transaction of this connection wait for its next statement. */
  readonly idleInTransactionTimeoutMs?: number;
  readonly connectTimeoutMs?: number;
  /** Sends a statement without waiting for the answer to the one before it. */
  readonly pipeline?: boolean;
  /** Server settings of the session, e.g. `{ jit: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called for a connection that died while nobody was using it; the next user gets another one. */
  readonly onIdleError?: (error: Error) => void;
}

export interface PoolOptions extends ConnectionOptions {
  readonly maxConnections?: number;
}

/** Longest a statement of the service's own may run; what needs longer (COPY, rebuild) says so itself. */
const statementTimeoutMs = 30_000;
/** Nothing waits for a lock longer than a caller would wait for an answer. */
const lockTimeoutMs = 10_000;
/** A process that hangs inside a transaction must not keep its locks for ever. */
const idleInTransactionTimeoutMs = 15_000;
/**
 * The server's own timeout fires first; the client's is for a server or network that no longer answers at
 * all.
 */
const answerGraceMs = 5_000;
/** Also the longest wait for a free connection of a pool: after it the caller is told to come again. */
const connectTimeoutMs = 2_000;
const keepAliveAfterMs = 10_000;
const idleConnectionMs = 30_000;
const defaultMaxConnections = 10;

/**
 * The server's view of a client that is gone without a word (a cut network, a dead host): asked after two
 * silent seconds, given up after four, and with it its transaction, its locks and its turn as projector. The
 * last is for a server busy with a long statement: it notices within a second that nobody waits for it.
 */
const serverNotices = {
  tcp_keepalives_idle: '2', tcp_keepalives_interval: '1', tcp_keepalives_count: '2', tcp_user_timeout: '4000',
  client_connection_check_interval: '1000',
};

const rawText = (text: string): string => text;
const { INT8, JSON: JSON_TEXT, JSONB, DATE } = pg.types.builtins;
const textual = new Set<number>([INT8, JSON_TEXT, JSONB, DATE]);

/**
 * int8 stays a string (positions exceed what a number holds), json stays text (payloads are parsed where
 * their schema is known), a date stays what it says (a Date would shift it by the time zone).
 */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    format !== 'binary' && textual.has(oid) ? rawText : pg.types.getTypeParser(oid, format)
  ) as pg.CustomTypesConfig['getTypeParser'],
};

/**
 * The settings every connection of the service has; a missing timeout is a process that hangs with the
 * server.
 */
export function clientConfig(url: string, options: ConnectionOptions): pg.ClientConfig {
  const statementTimeout = options.statementTimeoutMs ?? statementTimeoutMs;
  const settings = Object.entries({ ...serverNotices, ...options.settings })
    .map(([name, value]) => `-c ${name}=${value}`);
  return {
    connectionString: url,
    application_name: options.applicationName,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + answerGraceMs,
    lock_timeout: options.lockTimeoutMs ?? lockTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? idleInTransactionTimeoutMs,
    connectionTimeoutMillis: options.connectTimeoutMs ?? connectTimeoutMs,
    pipeline: options.pipeline ?? false,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveAfterMs,
    types,
    stream: () => socketTo(url),
    options: settings.join(' '),
  };
}

/** A pool whose connections may die at any moment without taking the process with them. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(url, options),
    max: options.maxConnections ?? defaultMaxConnections,
    idleTimeoutMillis: idleConnectionMs,
  });
  const onIdleError = options.onIdleError ?? (() => undefined);
  pool.on('error', onIdleError);
  // A client that is checked out reports to its user; without a listener of its own it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** One connection outside any pool (the writer, LISTEN, session locks), with the same care. */
export async function connectClient(url: string, options: ConnectionOptions): Promise<pg.Client> {
  const client = new pg.Client(clientConfig(url, options));
  client.on('error', options.onIdleError ?? (() => undefined));
  try {
    await client.connect();
  } catch (error) {
    client.end().catch(() => undefined);
    throw error;
  }
  return client;
}
