// One of the processes of ordering.spec.ts: `ordering.writers.ts <log|naive> <database> <first writer>`.
import { nameBasedUuid, namespaceOf } from '../../src/application/name-based-uuid.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { createPool } from '../../src/infrastructure/postgres/pool.js';
import { naiveEventsPerWriter, logEventsPerWriter, writersPerProcess } from './ordering.plan.js';

const namespace = namespaceOf('2f2a1a0e-6d1c-4c7e-9a55-0f6f3a9d7c11');
/** Appends differ in size; every now and then one is large enough to go by COPY. */
const sizes = [1, 7, 3, 12, 1, 2, 9, 5, 4, 8, 1, 6];
const largeSize = 550;
const largeEvery = 200;
/** How often, and how long, a writer of the naive log hesitates between taking its number and committing. */
const hesitateEvery = 20;
const hesitateSeconds = 0.02;

async function writeToLog(store: PostgresEventStore, writer: number): Promise<void> {
  const stream = `payment-${nameBasedUuid(namespace, `stream ${writer}`)}`;
  let written = 0;
  for (let round = 1; written < logEventsPerWriter; round++) {
    const wanted = round % largeEvery === 0 ? largeSize : sizes[round % sizes.length] ?? 1;
    const count = Math.min(wanted, logEventsPerWriter - written);
    const commandId = nameBasedUuid(namespace, `command ${writer} ${round}`);
    const events = Array.from({ length: count }, (_, index) => ({
      id: nameBasedUuid(namespace, `event ${writer} ${written + index}`),
      type: 'PaymentRecorded', version: 1, payload: JSON.stringify({ writer, number: written + index }),
    }));
    const meta = { commandId, fingerprint: 'same', metadata: '{}' };
    const result = await store.append([{ stream, expectedRevision: written - 1, events }], meta);
    if (result.kind !== 'appended') throw new Error(JSON.stringify(result));
    written += count;
  }
}

async function writeNaively(pool: ReturnType<typeof createPool>, writer: number): Promise<void> {
  const client = await pool.connect();
  for (let number = 0; number < naiveEventsPerWriter; number++) {
    await client.query('BEGIN');
    await client.query('INSERT INTO naive_log (writer, number) VALUES ($1, $2)', [writer, number]);
    if ((number + writer) % hesitateEvery === 0) await client.query('SELECT pg_sleep($1)', [hesitateSeconds]);
    await client.query('COMMIT');
  }
  client.release();
}

const [, , mode, url = '', first] = process.argv;
const writers = Array.from({ length: writersPerProcess }, (_, index) => Number(first) + index);
if (mode === 'log') {
  const store = new PostgresEventStore(url);
  await Promise.all(writers.map((writer) => writeToLog(store, writer)));
  await store.close();
} else {
  const pool = createPool(url, { applicationName: 'naive writers', maxConnections: writersPerProcess });
  await Promise.all(writers.map((writer) => writeNaively(pool, writer)));
  await pool.end();
}
