// The process of restart.spec.ts: `restart.worker.ts <behaviour> <database>`. Writes and subscribes at once
// while the server goes away and comes back; ends well when every event came exactly once and in order.
import pg from 'pg';
import { setTimeout as passTime } from 'node:timers/promises';
import type { AppendResult, CaughtUp } from '../../src/application/event-log.js';
import { isCaughtUp } from '../../src/application/event-log.js';
import { nameBasedUuid, namespaceOf } from '../../src/application/name-based-uuid.js';
import type { RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import { PostgresEventStore } from '../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import type { Numbered } from '../contract/exactly-once.js';
import { checkExactlyOnce } from '../contract/exactly-once.js';
import type { Behaviour } from './restart.plan.js';
import { eventsPerWriter, writerCount } from './restart.plan.js';

const namespace = namespaceOf('7f1f7c0a-8a55-4b8e-9c0b-0d6a54f2a7b3');
const pauseBeforeRetryMs = 50;

async function write(store: PostgresEventStore, writer: number): Promise<void> {
  const stream = `payment-${nameBasedUuid(namespace, `stream ${writer}`)}`;
  for (let number = 0; number < eventsPerWriter; number++) {
    const id = nameBasedUuid(namespace, `event ${writer} ${number}`);
    const payload = JSON.stringify({ writer, number });
    const events = [{ id, type: 'PaymentRecorded', version: 1, payload }];
    const meta = { commandId: id, fingerprint: 'same', metadata: '{}' };
    const append = () => store.append([{ stream, expectedRevision: number - 1, events }], meta);
    const result = await untilKnown(append);
    if (result.kind !== 'appended') throw new Error(`${payload} was answered ${JSON.stringify(result)}`);
  }
}

/** What `unknown` asks of a caller: the same again, under the same ids. */
async function untilKnown(append: () => Promise<AppendResult>): Promise<AppendResult> {
  for (;;) {
    const result = await append();
    if (result.kind !== 'unknown') return result;
    await passTime(pauseBeforeRetryMs);
  }
}

async function* numbered(items: AsyncIterable<RecordedEvent | CaughtUp>): AsyncIterable<Numbered> {
  const total = String(writerCount * eventsPerWriter);
  for await (const item of items) {
    if (isCaughtUp(item)) continue;
    yield { position: item.position, ...JSON.parse(item.payload) as { writer: number; number: number } };
    if (item.position === total) return;
  }
}

/** A seeded bug: a subscription that begins again from the start once it has lost its connection. */
async function* startingOver(url: string): AsyncIterable<RecordedEvent> {
  for (let after = '0', client = await listenless(url); ;) {
    try {
      const { rows } = await client.query<RecordedEvent>(
        `SELECT position, payload::text FROM log.events
         WHERE position > $1 ORDER BY position LIMIT 500`, [after]);
      yield* rows;
      after = rows.at(-1)?.position ?? after;
    } catch {
      after = '0';
      client = await listenless(url);
    }
  }
}

async function listenless(url: string): Promise<pg.Client> {
  for (;;) {
    const client = new pg.Client(url);
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch {
      await passTime(pauseBeforeRetryMs);
    }
  }
}

const [, , behaviour, url = ''] = process.argv as [string, string, Behaviour, string];
if (behaviour === 'no-error-listener') await new pg.Client(url).connect();
const store = new PostgresEventStore(url);
const tail = numbered(behaviour === 'starts-over' ? startingOver(url) : store.subscribe('0'));
const [findings] = await Promise.all([
  checkExactlyOnce(tail, writerCount, eventsPerWriter),
  ...Array.from({ length: writerCount }, (_, writer) => write(store, writer)),
]);
await store.close();
const { skipped, repeatedOrLate, gaps } = findings;
if (skipped + repeatedOrLate + gaps > 0) throw new Error(JSON.stringify(findings));
process.exit(0);
