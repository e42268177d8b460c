import { setTimeout as sleep } from 'node:timers/promises';
import type { AllStreamSubscription } from '@eventstore/db-client';
import { END, EventStoreDBClient, START } from '@eventstore/db-client';
import type { CaughtUp } from '../../src/application/event-log.js';
import { isCaughtUp } from '../../src/application/event-log.js';
import type { EventStore, RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import type { FaultKind } from '../support/kurrent/faults.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import {
  appendTo, collect, collectUntil, newMeta, newStream, positionOf, sampleType,
} from './sample-appends.js';

type Item = RecordedEvent | CaughtUp;
/** How long the naive readers go on: many times what one needs that loses and repeats nothing. */
const quietMs = 2_500;

describe('a subscription to KurrentDB', () => {
  let server: InProcessServer;
  let store: EventStore;

  beforeEach(async () => {
    server = await InProcessServer.start();
    // Callers here ask again until they know; the deadline only says how soon a lost answer is given up.
    store = openKurrentEventStore(server.url, { deadlineMs: 1_500 });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  /** As a careful caller does it: asks again, under the same command id, until it knows. */
  async function append(fields: { type?: string; count?: number; payload?: string } = {}): Promise<string> {
    const [stream, meta] = [newStream(), newMeta()];
    for (;;) {
      const result = appendTo(store, { stream, ...fields }, meta);
      if ((await result).kind !== 'unknown') return positionOf(result);
    }
  }

  /** What is wrong with how a reader went through the log: nothing, if every event came once and in order. */
  function violations(came: readonly string[], stored: readonly string[]): string[] {
    const found: string[] = [];
    const seen = new Set(came);
    if (seen.size < came.length) found.push('repeated');
    if (stored.some((id) => !seen.has(id))) found.push('lost');
    if (found.length === 0 && came.join() !== stored.join()) found.push('reordered');
    return found;
  }

  describe('that breaks off again and again', () => {
    const kinds: readonly FaultKind[] = ['drop', 'cut-before', 'time-out-before', 'busy'];
    const breaks = [3, 0, 7, 1, 40, 2];
    const total = 300;

    const armBreaks = (kind: FaultKind): void =>
      server.faults.arm(...breaks.map((afterEvents) => ({ on: 'subscription' as const, kind, afterEvents })));

    /** Events before, during and after the reading. */
    async function whileWriting<T>(read: () => Promise<T>): Promise<{ came: T; stored: string[] }> {
      await append({ count: total / 3 });
      const reading = read();
      for (let index = 0; index < total / 3; index++) await append();
      await append({ count: total / 3 });
      const came = await reading;
      return { came, stored: (await collect(store.readAll('0'))).map(({ id }) => id) };
    }

    it.each(kinds)('%s: every event comes once and in order', async (kind) => {
      armBreaks(kind);
      const { came, stored } = await whileWriting(() =>
        collectUntil(store.subscribe('0'), ({ length }) => length === total));
      expect(server.faults.struck).toBe(breaks.length);
      expect(stored).toHaveLength(total);
      expect(violations(came.map(({ id }) => id), stored)).toEqual([]);
    });

    it.each([
      ['goes on from the end of the log, which loses some', END, ['lost']],
      ['begins again, which repeats some', START, ['repeated']],
    ] as const)('a naive reader is caught: it %s', async (_, again, expected) => {
      armBreaks('drop');
      const client = EventStoreDBClient.connectionString(server.url);
      const read = async (): Promise<string[]> => {
        const came: string[] = [];
        const quiet = AbortSignal.timeout(quietMs);
        for (let from: typeof START | typeof END = START; !quiet.aborted; from = again) {
          await readUntilBroken(client.subscribeToAll({ fromPosition: from }), came, quiet);
        }
        return came;
      };
      const { came, stored } = await whileWriting(read);
      await client.dispose();
      expect(violations(came, stored)).toEqual(expect.arrayContaining([...expected]));
    });
  });

  it('outlasts a server that is down for a while', async () => {
    const before = await append();
    const reading = collectUntil(store.subscribe('0'), ({ length }) => length === 2);
    await sleep(50);
    await server.wire.stopListening();
    await sleep(1_500);
    await server.wire.listenAgain();
    const after = await append();
    expect((await reading).map(({ position }) => position)).toEqual([before, after]);
  });

  it('refused for good ends with the refusal', async () => {
    server.faults.arm({ on: 'subscription', kind: 'denied' });
    await expect(collect(store.subscribe('0'))).rejects.toThrow('Access Denied');
  });

  it('says how far it is only at facts, never at records of the server or receipts', async () => {
    const stop = new AbortController();
    const told: string[] = [];
    const reading = (async () => {
      for await (const item of store.subscribe('0', { except: [sampleType], signal: stop.signal })) {
        if (isCaughtUp(item)) told.push(item.position);
      }
    })();
    for (let index = 0; index < 20; index++) {
      await append();
      // A command that adds nothing leaves a receipt, and no fact.
      await appendTo(store, { stream: newStream(), count: 0 });
      await sleep(5);
    }
    await untilTrue(async () => told.at(-1) === await store.head());
    stop.abort();
    await reading;
    const facts = new Set((await collect(store.readAll('0'))).map(({ position }) => position));
    expect(told.filter((position) => position !== '0' && !facts.has(position))).toEqual([]);
    expect(told.length).toBeGreaterThan(1);
    expect(told.map(BigInt)).toEqual([...told.map(BigInt)].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('learns how far the log was looked through even if no checkpoint ever comes', async () => {
    server.node.checkpoints = false;
    const positions: string[] = [];
    let last = '';
    for await (const item of store.subscribe('0', { except: [sampleType] })) {
      if (isCaughtUp(item)) positions.push(item.position);
      if (positions.length === 1 && last === '') last = await append();
      if (last !== '' && positions.at(-1) === last) break;
    }
    expect(positions.at(-1)).toBe(last);
  });

  it('reads far behind in wide windows, near the end one by one, and switches without loss', async () => {
    const payload = JSON.stringify({ text: 'x'.repeat(2_000) });
    for (let index = 0; index < 10; index++) await append({ count: 50, payload });
    const stop = new AbortController();
    const items: Item[] = [];
    for await (const item of store.subscribe('0', { signal: stop.signal })) {
      items.push(item);
      if (items.filter(isCaughtUp).length === 1 && items.length === 501) await append();
      if (items.length >= 503) stop.abort();
    }
    const stored = (await collect(store.readAll('0'))).map(({ id }) => id);
    const came = items.flatMap((item) => (isCaughtUp(item) ? [] : [item.id]));
    expect(violations(came, stored)).toEqual([]);
    expect(server.node.counts.subscriptions).toBeGreaterThanOrEqual(2);
  });

  it('whose consumer takes its time keeps the server waiting, and loses nothing', async () => {
    const payload = JSON.stringify({ text: 'x'.repeat(5_000) });
    for (let index = 0; index < 25; index++) await append({ count: 100, payload });
    const sentBefore = server.node.counts.eventsSent;
    const came: string[] = [];
    for await (const item of store.subscribe('0')) {
      if (isCaughtUp(item)) break;
      came.push(item.id);
      if (came.length !== 1) continue;
      await untilSteady(() => server.node.counts.eventsSent);
      expect(server.node.counts.eventsSent - sentBefore).toBeLessThan(500);
    }
    expect(violations(came, (await collect(store.readAll('0'))).map(({ id }) => id))).toEqual([]);
    // The measure itself: one that takes everything makes the server send everything.
    expect(server.node.counts.eventsSent - sentBefore).toBeGreaterThanOrEqual(2_500);
  });

  it('that falls behind while it is live loses nothing', async () => {
    const before = await append();
    const came: string[] = [];
    for await (const item of store.subscribe(before)) {
      if (isCaughtUp(item)) {
        if (came.length === 0) await append();
        if (came.length === 2_001) break;
        continue;
      }
      came.push(item.id);
      if (came.length === 1) for (let index = 0; index < 4; index++) await append({ count: 500 });
    }
    expect(violations(came, (await collect(store.readAll(before))).map(({ id }) => id))).toEqual([]);
  });
});

/** Appends to `came` what the subscription brings, until it breaks or nobody waits any more. */
async function readUntilBroken(
  subscription: AllStreamSubscription, came: string[], stop: AbortSignal,
): Promise<void> {
  const cancel = (): void => void subscription.unsubscribe();
  stop.addEventListener('abort', cancel);
  await new Promise<void>((resolve) => {
    subscription.on('data', ({ event }) => {
      if (event && /^[A-Z]/.test(event.type)) came.push(event.id);
    });
    subscription.on('error', () => resolve());
    subscription.on('close', () => resolve());
    stop.addEventListener('abort', () => setImmediate(resolve));
  });
  stop.removeEventListener('abort', cancel);
}

/** The test's own time limit ends a wait in vain. */
async function untilTrue(question: () => Promise<boolean>): Promise<void> {
  while (!await question()) await sleep(10);
}

async function untilSteady(count: () => number): Promise<void> {
  for (let before = -1; count() !== before; await sleep(100)) before = count();
}
