import type { Parts } from '../app.module.js';
import { BatchWorker } from '../infrastructure/batches/batch-worker.js';
import type { Running } from './running.js';

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
  const ended = worker.run(running.stopping.signal);
  running.onStop(() => ended);
  return () => worker.wake();
}
