// Append: 32 concurrent callers, one fact into a new stream each, durable, on the same server; the peer
// is Emmett's PostgreSQL store with a pool as large as the callers. Rounds alternate, so that a slow
// minute hits both.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { openEventLog } from './support/product.mjs';
import { samplePayment } from './support/sample.mjs';
import { median, round } from './support/stats.mjs';

const callers = 32;

async function appendsPerSecond(append, seconds) {
  let appended = 0;
  const until = Date.now() + seconds * 1000;
  const caller = async () => {
    while (Date.now() < until) {
      await append();
      appended++;
    }
  };
  const from = process.hrtime.bigint();
  await Promise.all(Array.from({ length: callers }, caller));
  return appended / (Number(process.hrtime.bigint() - from) / 1e9);
}

export async function append({ databases, scale }) {
  const seconds = Math.max(1, 6 * Math.min(1, scale * 10));
  const log = await openEventLog(await databases.migrated('append_ours'));
  const peerUrl = await databases.empty('append_emmett');
  const pool = new pg.Pool({ connectionString: peerUrl, max: callers });
  const emmett = getPostgreSQLEventStore(peerUrl, { connectionOptions: { pool } });
  await emmett.schema.migrate();

  const ours = () => {
    const fact = samplePayment(randomUUID());
    const write = { stream: `payment-${fact.data.paymentId}`, expectedRevision: -1, facts: [fact] };
    const commandId = randomUUID();
    const meta = { commandId, fingerprint: commandId, by: commandId, at: '2026-01-01T00:00:00.000Z' };
    return log.append([write], meta);
  };
  const theirs = () => {
    const fact = samplePayment(randomUUID());
    return emmett.appendToStream(`payment-${fact.data.paymentId}`, [fact], {
      expectedStreamVersion: 'STREAM_DOES_NOT_EXIST',
    });
  };

  const rounds = { ours: [], theirs: [] };
  await appendsPerSecond(ours, 1);
  await appendsPerSecond(theirs, 1);
  for (let turn = 0; turn < 3; turn++) {
    rounds.ours.push(await appendsPerSecond(ours, seconds));
    rounds.theirs.push(await appendsPerSecond(theirs, seconds));
  }
  await emmett.close();
  await pool.end();
  await log.close();
  const [mine, peer] = [median(rounds.ours), median(rounds.theirs)];
  return {
    figures: { append_vs_emmett: round(mine / peer) },
    details: { 'our appends/s': Math.round(mine), "Emmett's appends/s": Math.round(peer) },
  };
}
