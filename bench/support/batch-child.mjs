import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import {
  importDefaultBankCodes,
} from '../../dist/infrastructure/bank-code-lists/import-default-bank-codes.js';
import { BatchWorker } from '../../dist/infrastructure/batches/batch-worker.js';
import { createReadTables } from '../../dist/infrastructure/read-store/read-tables.js';
import { rebuild } from '../../dist/infrastructure/read-store/rebuild.js';
import { reconciliation } from '../../dist/projections/reconciliation/reconciliation.projection.js';
import { demoBatchFile } from '../../dist/infrastructure/demo/demo-data.js';
import { openProduct, quiet } from './product.mjs';
import { peakMemoryMb, timed } from './stats.mjs';

const tasks = { writeFile, prepare, ingest, rebuild: rebuilt };
const [task, ...parameters] = process.argv.slice(2);
console.log(JSON.stringify(await tasks[task](...parameters) ?? {}));
process.exit(0);

async function writeFile(file, payments) {
  const text = demoBatchFile({ payments: Number(payments), seed: 7 });
  await pipeline(Readable.from(text), createWriteStream(file));
}

async function prepare(databaseUrl) {
  const parts = openProduct(databaseUrl);
  await importDefaultBankCodes(parts.log, '2026-01-01T00:00:00.000Z');
  await parts.close();
}

async function ingest(databaseUrl, file) {
  const parts = openProduct(databaseUrl);
  const stop = new AbortController();
  const now = () => new Date().toISOString();
  const worker = new BatchWorker({ databaseUrl, pool: parts.pool, log: parts.log, now, logger: quiet });
  const running = worker.run(stop.signal);
  const { seconds, result } = await timed(async () => {
    const { deliveryId } = await parts.intake.receive(createReadStream(file, { highWaterMark: 1 << 16 }), {
      charset: 'utf-8', deliveredBy: '00000000-0000-4000-8000-000000000001',
    });
    worker.wake();
    for (;;) {
      const delivery = await parts.intake.waitForOutcome(deliveryId, 60_000);
      if (delivery.phase === 'finished') return delivery.outcome;
    }
  });
  if (result.kind !== 'completed') throw new Error(JSON.stringify(result).slice(0, 1_000));
  stop.abort();
  await running;
  const { rows: [{ facts }] } = await parts.pool.query('SELECT count(*)::int AS facts FROM log.events');
  await parts.close();
  return { seconds, facts, peakMb: await peakMemoryMb() };
}

async function rebuilt(databaseUrl) {
  const parts = openProduct(databaseUrl);
  await createReadTables(parts.pool, [reconciliation]);
  const { log, pool } = parts;
  const { seconds } = await timed(() => rebuild({ log, pool, projection: reconciliation }));
  const { rows: [{ rows }] } = await pool.query('SELECT count(*)::int AS rows FROM read.reconciliation');
  await parts.close();
  return { seconds, rows, peakMb: await peakMemoryMb() };
}
