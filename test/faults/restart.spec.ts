import { retryOnConnectionLoss } from '../../src/infrastructure/postgres/connection-loss.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { migrate } from '../../src/infrastructure/migrations/migrate.js';
import type { RestartablePostgres } from '../support/restartable-postgres.mjs';
import { startRestartablePostgres } from '../support/restartable-postgres.mjs';
import { runTypeScript } from '../support/typescript-process.js';
import type { Behaviour } from './restart.plan.js';
import { eventsPerWriter, writerCount } from './restart.plan.js';

const total = writerCount * eventsPerWriter;
const worker = new URL('./restart.worker.ts', import.meta.url);

describe('a PostgreSQL that goes away and comes back', () => {
  let server: RestartablePostgres;

  beforeAll(async () => {
    server = await startRestartablePostgres();
  }, 60_000);
  afterAll(() => server.stop());

  /**
   * Runs the worker in a database of its own and takes the server away under it, once politely, once by
   * SIGKILL.
   */
  async function survive(behaviour: Behaviour): Promise<void> {
    const url = new URL(server.url);
    const pool = createPool(server.url, { applicationName: 'restart spec' });
    const database = `restart_${behaviour.replaceAll('-', '_')}`;
    await pool.query(`CREATE DATABASE ${database}`);
    await pool.end();
    url.pathname = `/${database}`;
    await migrate(url.href);
    const outcome = runTypeScript(worker, [behaviour, url.href]);
    const judged = outcome.then(() => 'ended well', (error: Error) => error);
    await headBeyond(url.href, total * 0.2, judged);
    await server.restart('fast');
    await headBeyond(url.href, total * 0.5, judged);
    await server.restart('crash');
    return outcome;
  }

  it('neither stops a process nor makes its subscription lose or repeat an event', async () => {
    await expect(survive('sound')).resolves.toBeUndefined();
  }, 120_000);

  it('is survived for a reason: a subscription that starts over is caught repeating', async () => {
    await expect(survive('starts-over')).rejects.toThrow(/"repeatedOrLate":[1-9]/);
  }, 120_000);

  it('is survived for a reason: one connection without an error listener ends the process', async () => {
    await expect(survive('no-error-listener')).rejects.toThrow(/Unhandled 'error' event/);
  }, 120_000);
});

/** Waits until the worker has written so much, or is over. */
async function headBeyond(url: string, position: number, over: Promise<unknown>): Promise<void> {
  const pool = createPool(url, { applicationName: 'restart spec' });
  let ended = false;
  void over.then(() => { ended = true; });
  const head = async (): Promise<number> => {
    const { rows: [row] } = await pool.query<{ position: string }>('SELECT position FROM log.head');
    return Number(row?.position);
  };
  while (!ended && await retryOnConnectionLoss(head, { withinMs: 30_000 }) < position);
  await pool.end();
}
