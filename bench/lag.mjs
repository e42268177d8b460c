// How far behind the tables are: 200 facts a second, each timed from its acknowledgement until its row can be
// seen. The projectors are a process of their own; rows and checkpoint appear in one transaction, so the
// checkpoint is what is watched, and at the end every row is counted.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { samplePayment } from './support/sample.mjs';
import { openServiceUnderTest } from './support/service-under-test.mjs';
import { percentile, round } from './support/stats.mjs';

const factsPerSecond = 200;
const looksEveryMs = 1;
const at = '2026-01-01T00:00:00.000Z';

export async function lag({ scale }) {
  const seconds = Math.max(3, 60 * scale);
  const service = await openServiceUnderTest('lag');
  try {
    await service.start('projector');
    await service.untilUp();
    await measured(service, 2);
    const { lags, late } = await measured(service, seconds);
    return {
      figures: { projection_lag_p99_ms: round(percentile(lags, 0.99), 1) },
      details: {
        facts: lags.length, 'facts/s asked': factsPerSecond, 'p50 ms': round(percentile(lags, 0.5), 1),
        'longest ms': round(Math.max(...lags), 1), 'sent later than 50 ms': late,
      },
    };
  } finally {
    await service.close();
  }
}

async function measured({ parts, databaseUrl }, seconds) {
  const watcher = await Watcher.over(databaseUrl);
  const facts = Math.round(factsPerSecond * seconds);
  const from = performance.now();
  const acknowledged = [];
  let late = 0;
  for (let n = 0; n < facts; n++) {
    const due = from + n * 1_000 / factsPerSecond;
    while (performance.now() < due) await pause(Math.max(0, due - performance.now()));
    if (performance.now() > due + 50) late++;
    acknowledged.push(appended(parts.log));
  }
  const all = await Promise.all(acknowledged);
  const last = Math.max(...all.map(({ position }) => position));
  const seen = await watcher.until(last);
  await watcher.close(all.map(({ paymentId }) => paymentId));
  // Looked at before it was acknowledged: the table was there first.
  return { late, lags: all.map(({ position, when }) => Math.max(0, seen(position) - when)) };
}

async function appended(log) {
  const paymentId = randomUUID();
  const commandId = randomUUID();
  const write = { stream: `payment-${paymentId}`, expectedRevision: -1, facts: [samplePayment(paymentId)] };
  const result = await log.append([write], { commandId, fingerprint: commandId, by: commandId, at });
  if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
  return { paymentId, position: Number(result.position), when: performance.now() };
}

/** Looks at the table all the time and remembers when it had come how far. */
class Watcher {
  #looks = [];
  #stopped = false;

  static async over(databaseUrl) {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    return Object.assign(new Watcher(), { client }).#start();
  }

  #start() {
    this.watching = this.#watch();
    return this;
  }

  async #watch() {
    while (!this.#stopped) {
      const { rows: [{ position }] } = await this.client.query({
        name: 'look', text: `SELECT position FROM read.checkpoints WHERE projection = 'reconciliation'`,
      });
      if (this.#looks.at(-1)?.position !== Number(position)) {
        this.#looks.push({ position: Number(position), when: performance.now() });
      }
      await pause(looksEveryMs);
    }
  }

  /** Position → the instant of the first look that had it. */
  async until(position) {
    while ((this.#looks.at(-1)?.position ?? 0) < position) await pause(5);
    this.#stopped = true;
    await this.watching;
    return (wanted) => this.#looks.find((look) => look.position >= wanted).when;
  }

  async close(paymentIds) {
    const { rows: [{ rows }] } = await this.client.query(
      'SELECT count(*)::int AS rows FROM read.reconciliation WHERE payment_id = ANY ($1)', [paymentIds]);
    await this.client.end();
    if (rows !== paymentIds.length) throw new Error(`${rows} rows of ${paymentIds.length} payments`);
  }
}
