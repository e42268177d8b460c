// A batch file of a million payments, from its first byte to the last durable fact; then the
// reconciliation table rebuilt from those facts. Each is held against a bare COPY of the rows it wrote,
// in the same run.
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { copyIn, copyOut, sql } from './support/copy.mjs';
import { median, round } from './support/stats.mjs';

const events = 'position, recorded_at, stream, id, revision, type, version, category, payload, metadata';
const firstOfBatch = `SELECT min(e.position) AS first
  FROM log.events e JOIN log.fact_types t ON t.code = e.type WHERE t.name = 'PaymentBatchAccepted'`;
const freshEvents = `DROP TABLE IF EXISTS log.events_bare;
  CREATE TABLE log.events_bare (LIKE log.events INCLUDING ALL)`;
const child = fileURLToPath(new URL('./support/batch-child.mjs', import.meta.url));

/** In a process of its own, so that its peak memory is that of the work alone. */
function inChild(task, ...parameters) {
  const run = spawnSync(process.execPath, [child, task, ...parameters], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${task} failed: ${run.stdout}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

export async function batch({ databases, scale }) {
  const payments = Math.max(1_000, Math.round(1_000_000 * scale));
  const fileOf = (kind) => join(tmpdir(), `treasury-bench-${process.pid}.${kind}`);
  const files = { batch: fileOf('csv'), rows: fileOf('rows') };
  try {
    const url = await databases.migrated('bench_batch');
    inChild('prepare', url, files.batch, String(payments));
    await databases.settle();
    const ingested = inChild('ingest', url, files.batch);

    const [{ first }] = await sql(url, firstOfBatch);
    const written = `SELECT ${events} FROM log.events WHERE position >= ${first} ORDER BY position`;
    await copyOut(url, written, files.rows);
    const bareUrl = await databases.migrated('bench_copy');
    const eventCopies = [];
    for (let turn = 0; turn < 3; turn++) {
      await sql(bareUrl, freshEvents);
      await databases.settle();
      eventCopies.push(await copyIn(bareUrl, `log.events_bare (${events})`, files.rows));
    }
    await sql(bareUrl, 'DROP TABLE log.events_bare');

    await databases.settle();
    const rebuilt = inChild('rebuild', url);
    await copyOut(url, 'SELECT * FROM read.reconciliation', files.rows);
    const rowCopies = [];
    for (let turn = 0; turn < 3; turn++) {
      await sql(url, 'DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE read.reconciliation)');
      await databases.settle();
      rowCopies.push(await copyIn(url, 'bare', files.rows));
    }
    await databases.drop('bench_copy');
    await databases.drop('bench_batch');
    const [eventCopy, rowCopy] = [median(eventCopies), median(rowCopies)];
    return {
      figures: {
        ingest_vs_copy: round(eventCopy / ingested.seconds, 3),
        ingest_peak_mb: Math.round(ingested.peakMb),
        rebuild_vs_copy: round(rowCopy / rebuilt.seconds, 3),
      },
      details: {
        payments,
        'facts of the batch': ingested.facts,
        'seconds, file to facts': round(ingested.seconds),
        'seconds, COPY of the same events': round(eventCopy),
        'rows rebuilt': rebuilt.rows,
        'seconds, rebuild with indexes and swap': round(rebuilt.seconds),
        'seconds, COPY of the same rows': round(rowCopy),
        'peak MB of the rebuild': Math.round(rebuilt.peakMb),
      },
    };
  } finally {
    await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
  }
}
