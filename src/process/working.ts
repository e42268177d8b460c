import type { Parts } from '../app.module.js';
import { lapseOverdueOffers } from '../application/delegations/lapse-overdue-offers.js';
import { lapseOverdue } from '../application/identity/lapse-overdue.js';
import { BatchWorker } from '../infrastructure/batches/batch-worker.js';
import { withdrawOfErased } from '../application/identity/withdraw-of-erased.js';
import type { Running } from './running.js';

/** Nothing depends on how soon somebody is forgotten who applied or was invited in vain. */
const sweepEveryMs = 3_600_000;

/**
 * Erases applications for a registration that nobody confirmed, and the addresses of invitations that nobody
 * accepted; withdraws applications for accounts of people who are no more. Any number of processes may do so.
 */
function sweepOverdue({ identity, logger }: Parts, running: Running): void {
  const sweep = async (): Promise<void> => {
    try {
      const at = new Date(identity.now()).toISOString();
      await lapseOverdue(identity.stores, at);
      await withdrawOfErased(identity.stores, at);
      await lapseOverdueOffers(identity.stores, at);
    } catch (error) {
      logger.warn({ err: error }, 'overdue applications and invitations not swept');
    }
  };
  const timer = setInterval(() => void sweep(), sweepEveryMs);
  running.onStop(async () => clearInterval(timer));
}

/** Judges and records delivered files, or waits to do so behind another process. Answers how to wake it. */
export function work(databaseUrl: string, parts: Parts, running: Running): () => void {
  const { pool, log, logger, metrics } = parts;
  const worker = new BatchWorker({
    databaseUrl, pool, log, logger,
    now: () => new Date().toISOString(),
    observer: {
      finished: (outcome, seconds) => {
        metrics.batches.inc({ outcome });
        metrics.batchSeconds.observe(seconds);
      },
      interrupted: () => metrics.batchInterruptions.inc(),
    },
  });
  sweepOverdue(parts, running);
  const ended = worker.run(running.stopping.signal);
  running.onStop(() => ended);
  return () => worker.wake();
}
