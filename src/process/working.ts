import type { Parts } from '../app.module.js';
import { lapseOverdue } from '../application/identity/lapse-overdue.js';
import { BatchWorker } from '../infrastructure/batches/batch-worker.js';
import type { Running } from './running.js';

/** Nothing depends on how soon somebody is forgotten whose application lapsed. */
const sweepEveryMs = 3_600_000;

/** Erases applications for a registration that nobody confirmed. Any number of processes may do so. */
function sweepRegistrations({ identity, logger }: Parts, running: Running): void {
  const sweep = async (): Promise<void> => {
    try {
      await lapseOverdue(identity.stores, new Date(identity.now()).toISOString());
    } catch (error) {
      logger.warn({ err: error }, 'registrations not swept');
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
  sweepRegistrations(parts, running);
  const ended = worker.run(running.stopping.signal);
  running.onStop(() => ended);
  return () => worker.wake();
}
