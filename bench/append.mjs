// Append: 32 concurrent callers, one event into a new stream each, durable, on the same server. The peer is
// Emmett's PostgreSQL store with a pool as large as the callers; store against store, both from an object to
// a durable event. Our log with its schema check and ids on top is told beside it. Rounds alternate, so that
// a slow minute hits all.
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { PostgresEventStore } from '../dist/infrastructure/event-store/postgres/postgres-event-store.js';
import { openProduct } from './support/product.mjs';
import { samplePayment } from './support/sample.mjs';
import { median, round } from './support/stats.mjs';

const callers = 32;
const at = '2026-01-01T00:00:00.000Z';

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

const streamOf = (fact) => `payment-${fact.data.paymentId}`;

function appendToStore(store) {
  const fact = samplePayment(randomUUID());
  const event = { id: randomUUID(), type: fact.type, version: 2, payload: JSON.stringify(fact.data) };
  const commandId = randomUUID();
  const metadata = JSON.stringify({ commandId, by: commandId, at });
  const write = { stream: streamOf(fact), expectedRevision: -1, events: [event] };
  return store.append([write], { commandId, fingerprint: commandId, metadata });
}

function appendToLog(log) {
  const fact = samplePayment(randomUUID());
  const commandId = randomUUID();
  const write = { stream: streamOf(fact), expectedRevision: -1, facts: [fact] };
  return log.append([write], { commandId, fingerprint: commandId, by: commandId, at });
}

function appendToEmmett(emmett) {
  const fact = samplePayment(randomUUID());
  return emmett.appendToStream(streamOf(fact), [fact], { expectedStreamVersion: 'STREAM_DOES_NOT_EXIST' });
}

export async function append({ databases, scale }) {
  const seconds = Math.max(1, 6 * Math.min(1, scale * 10));
  const url = await databases.migrated('append_ours');
  const store = new PostgresEventStore(url);
  const product = openProduct(url);
  const peerUrl = await databases.empty('append_emmett');
  const pool = new pg.Pool({ connectionString: peerUrl, max: callers });
  const emmett = getPostgreSQLEventStore(peerUrl, { connectionOptions: { pool } });
  await emmett.schema.migrate();

  const contenders = {
    store: () => appendToStore(store),
    log: () => appendToLog(product.log),
    emmett: () => appendToEmmett(emmett),
  };
  const rates = { store: [], log: [], emmett: [] };
  for (const append of Object.values(contenders)) await appendsPerSecond(append, 1);
  for (let turn = 0; turn < 3; turn++) {
    for (const [name, append] of Object.entries(contenders)) {
      await databases.settle();
      rates[name].push(await appendsPerSecond(append, seconds));
    }
  }
  await emmett.close();
  await pool.end();
  await store.close();
  await product.close();
  const rate = Object.fromEntries(Object.entries(rates).map(([name, all]) => [name, median(all)]));
  return {
    figures: { append_vs_emmett: round(rate.store / rate.emmett) },
    details: {
      'our store, appends/s': Math.round(rate.store),
      'our log with schema check, appends/s': Math.round(rate.log),
      "Emmett's store, appends/s": Math.round(rate.emmett),
      'log against Emmett': round(rate.log / rate.emmett),
    },
  };
}
