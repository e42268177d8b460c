import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { EventLog } from '../../../src/application/event-log.js';
import { noStream } from '../../../src/application/event-log.js';
import type { PersonalKeys } from '../../../src/application/personal-keys.js';
import { paymentStream } from '../../../src/application/stream-names.js';
import type { DomainFact } from '../../../src/domain/facts.js';
import { DomainEventLog } from '../../../src/infrastructure/event-store/domain-event-log.js';
import type { EncodedEvent, EventStore } from '../../../src/infrastructure/event-store/event-store.js';
import { metadataToStored } from '../../../src/infrastructure/event-store/fact-metadata.js';
import { PostgresEventStore } from '../../../src/infrastructure/event-store/postgres/postgres-event-store.js';
import { InMemoryKeyTable } from '../../../src/infrastructure/keys/in-memory-key-table.js';
import { MasterKey } from '../../../src/infrastructure/keys/master-key.js';
import { SealingKeys } from '../../../src/infrastructure/keys/sealing-keys.js';
import { createPool } from '../../../src/infrastructure/postgres/pool.js';
import { PostgresReadStore } from '../../../src/infrastructure/read-store/postgres-read-store.js';
import type { ProjectorReport } from '../../../src/infrastructure/read-store/projector.js';
import { startProjectors } from '../../../src/infrastructure/read-store/start-projectors.js';
import type { Projection } from '../../../src/projections/projection.js';
import { createTestDatabase } from '../../support/database.js';

/** The log and the tables of a database of the suite's own. */
export interface ReadSide {
  readonly url: string;
  readonly pool: Pool;
  readonly store: EventStore;
  readonly log: EventLog;
  readonly keys: PersonalKeys;
  readonly readStore: PostgresReadStore;
  close(): Promise<void>;
}

export async function openReadSide(): Promise<ReadSide> {
  const { url, drop } = await createTestDatabase();
  const pool = createPool(url, { applicationName: 'projections under test', maxConnections: 30 });
  const store = new PostgresEventStore(url);
  const keys = new SealingKeys(new InMemoryKeyTable(), MasterKey.random());
  const log = new DomainEventLog(store, keys);
  return {
    url, pool, store, log, keys, readStore: new PostgresReadStore(pool),
    close: async () => {
      await store.close();
      await pool.end();
      await drop();
    },
  };
}

/** Facts by stream; a stream's facts go on where it stands. Answers the last position. */
export async function record(
  log: EventLog, byStream: ReadonlyMap<string, readonly DomainFact[]>,
): Promise<string> {
  const revisions = new Map<string, number>();
  for await (const { stream, revision } of log.readStreams([...byStream.keys()])) {
    revisions.set(stream, revision);
  }
  const writes = [...byStream].map(([stream, facts]) =>
    ({ stream, expectedRevision: revisions.get(stream) ?? noStream, facts }));
  const result = await log.append(writes, {
    commandId: randomUUID(), fingerprint: 'test', by: 'tester', at: '2024-05-10T01:00:00.000Z',
  });
  if (result.kind !== 'appended' || result.position === null) throw new Error(`not recorded: ${result.kind}`);
  return result.position;
}

/**
 * What another release may have stored: a payment's first event, whatever it calls itself and says. Answers
 * its position.
 */
export async function recordRaw(
  store: EventStore, event: Pick<EncodedEvent, 'type' | 'version' | 'payload'>,
): Promise<string> {
  const meta = { commandId: randomUUID(), fingerprint: 'test', by: 'tester', at: '2024-05-10T01:00:00.000Z' };
  const stream = paymentStream(randomUUID());
  const result = await store.append(
    [{ stream, expectedRevision: noStream, events: [{ id: randomUUID(), ...event }] }],
    { ...meta, metadata: metadataToStored(meta) });
  if (result.kind !== 'appended' || result.position === null) throw new Error(`not recorded: ${result.kind}`);
  return result.position;
}

export interface Running {
  readonly reports: readonly ProjectorReport[];
  /** Stops and waits until nothing runs any more. */
  stop(): Promise<void>;
}

export async function running(
  { log, pool }: Pick<ReadSide, 'log' | 'pool'>, projections: readonly Projection[],
): Promise<Running> {
  const stopping = new AbortController();
  const reports: ProjectorReport[] = [];
  const { ended } = await startProjectors({
    log, pool, projections, signal: stopping.signal, report: (report) => reports.push(report),
  });
  return { reports, stop: async () => { stopping.abort(); await ended; } };
}

/** Brings tables up to the log's head, and stops again. */
export async function caughtUp(side: ReadSide, projections: readonly Projection[]): Promise<void> {
  const projectors = await running(side, projections);
  const head = await side.log.head();
  const arrived = await Promise.all(
    projections.map(({ name }) => side.readStore.waitFor(name, head, 60_000)));
  await projectors.stop();
  if (arrived.includes(false)) throw new Error(`not caught up: ${JSON.stringify(projectors.reports)}`);
}

/** Waits for what must happen; a limit only so that a failure has a name. */
export async function until(what: string, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await delay(10);
  }
}
