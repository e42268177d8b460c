// A batch file of a million payments, from its first byte to the last durable fact, held against a bare COPY
// of the rows it wrote. Rounds alternate, so that a slow minute hits both, and so that both have the server's
// log of a gigabyte to write into again: the first round alone pays for making it. Then the reconciliation
// table rebuilt from those facts, against COPY of its rows.
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
const rounds = 3;
const child = fileURLToPath(new URL('./support/batch-child.mjs', import.meta.url));

/** In a process of its own, so that its peak memory is that of the work alone. */
function inChild(task, ...parameters) {
  const run = spawnSync(process.execPath, [child, task, ...parameters], {
    encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`${task} failed: ${run.stdout}`);
  return JSON.parse(run.stdout.trim().split('\n').at(-1));
}

/** The file into a database that holds the bank codes alone; then its events by bare COPY into another. */
async function ingestAndCopy(databases, files) {
  const url = await databases.migrated('bench_batch');
  inChild('prepare', url);
  await databases.settle();
  const ingested = inChild('ingest', url, files.batch);
  const [{ first }] = await sql(url, firstOfBatch);
  const written = `SELECT ${events} FROM log.events WHERE position >= ${first} ORDER BY position`;
  await copyOut(url, written, files.rows);
  const bareUrl = await databases.migrated('bench_copy');
  await sql(bareUrl, freshEvents);
  await databases.settle();
  const copySeconds = await copyIn(bareUrl, `log.events_bare (${events})`, files.rows);
  await databases.drop('bench_copy');
  return { url, ...ingested, copySeconds };
}

async function rebuildAndCopy(databases, url, files) {
  await databases.settle();
  const rebuilt = inChild('rebuild', url);
  await copyOut(url, 'SELECT * FROM read.reconciliation', files.rows);
  const copies = [];
  for (let turn = 0; turn < rounds; turn++) {
    await sql(url, 'DROP TABLE IF EXISTS bare; CREATE TABLE bare (LIKE read.reconciliation)');
    await databases.settle();
    copies.push(await copyIn(url, 'bare', files.rows));
  }
  return { ...rebuilt, copySeconds: median(copies) };
}

export async function batch({ databases, scale }) {
  const payments = Math.max(1_000, Math.round(1_000_000 * scale));
  const fileOf = (kind) => join(tmpdir(), `treasury-bench-${process.pid}.${kind}`);
  const files = { batch: fileOf('csv'), rows: fileOf('rows') };
  try {
    inChild('writeFile', files.batch, String(payments));
    const ingests = [];
    for (let turn = 0; turn < rounds; turn++) ingests.push(await ingestAndCopy(databases, files));
    const rebuilt = await rebuildAndCopy(databases, ingests.at(-1).url, files);
    await databases.drop('bench_batch');
    const ingestSeconds = median(ingests.map(({ seconds }) => seconds));
    const copySeconds = median(ingests.map((ingest) => ingest.copySeconds));
    return {
      figures: {
        ingest_vs_copy: round(copySeconds / ingestSeconds, 3),
        ingest_peak_mb: Math.round(Math.max(...ingests.map(({ peakMb }) => peakMb))),
        rebuild_vs_copy: round(rebuilt.copySeconds / rebuilt.seconds, 3),
      },
      details: {
        payments,
        'facts of the batch': ingests[0].facts,
        'seconds, file to facts, each round': ingests.map(({ seconds }) => round(seconds)).join(', '),
        'seconds, COPY of the same events': ingests.map((ingest) => round(ingest.copySeconds)).join(', '),
        'rows rebuilt': rebuilt.rows,
        'seconds, rebuild with indexes and swap': round(rebuilt.seconds),
        'seconds, COPY of the same rows': round(rebuilt.copySeconds),
        'peak MB of the rebuild': Math.round(rebuilt.peakMb),
      },
    };
  } finally {
    await Promise.all(Object.values(files).map((file) => rm(file, { force: true })));
  }
}
