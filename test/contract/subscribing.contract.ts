import type { CaughtUp } from '../../src/application/event-log.js';
import { isCaughtUp } from '../../src/application/event-log.js';
import type { EventStore, RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import type { OpenStore, StoreUnderTest } from './sample-appends.js';
import { appendTo, collect, collectUntil, newStream, positionOf, sampleType } from './sample-appends.js';

type Item = RecordedEvent | CaughtUp;
const told = (item: Item): string => `${isCaughtUp(item) ? 'caught up' : 'event'} ${item.position}`;

export function subscribingContract(open: OpenStore): void {
  let opened: StoreUnderTest;
  let store: EventStore;

  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened.dispose());

  it('what is there comes first, then word that all of it came, then what is appended later', async () => {
    const before = await store.head();
    const first = await positionOf(appendTo(store, { stream: newStream() }));
    const second = await positionOf(appendTo(store, { stream: newStream() }));
    const items: string[] = [];
    let third = '';
    for await (const item of store.subscribe(before)) {
      items.push(told(item));
      if (items.length === 3) third = await positionOf(appendTo(store, { stream: newStream() }));
      if (items.length === 5) break;
    }
    expect(items).toEqual(
      [`event ${first}`, `event ${second}`, `caught up ${second}`, `event ${third}`, `caught up ${third}`]);
  });

  it('with nothing new it says at once how far it is', async () => {
    const head = await store.head();
    for await (const item of store.subscribe(head)) {
      expect(item).toEqual({ caughtUp: true, position: head });
      break;
    }
  });

  it('a filter that nothing passes still tells how far the log was looked through', async () => {
    const before = await store.head();
    const wanted = newStream();
    const matching = await positionOf(appendTo(store, { stream: wanted, type: 'SampleApplied' }));
    const unwanted = { stream: newStream(), type: 'SampleRecorded' };
    const last = await positionOf(appendTo(store, { ...unwanted, count: 900 }));
    const items: string[] = [];
    for await (const item of store.subscribe(before, { except: [unwanted.type] })) {
      items.push(told(item));
      if (isCaughtUp(item) && items.length < 3) await appendTo(store, { ...unwanted, expected: 899 });
      if (items.length === 3) break;
    }
    expect(items).toEqual([`event ${matching}`, `caught up ${last}`, `caught up ${await store.head()}`]);
  });

  it('a name nobody had ever stored reaches a filtered subscriber, or is left out if so asked', async () => {
    const stem = newStream().slice(-12);
    const [late, leftOut] = [`Late${stem}`, `LeftOut${stem}`];
    let position = '';
    for await (const item of store.subscribe(await store.head(), { except: [sampleType, leftOut] })) {
      if (!isCaughtUp(item)) {
        expect(item).toMatchObject({ type: late, position });
        break;
      }
      if (position !== '') continue;
      for (const type of [leftOut, sampleType]) await appendTo(store, { stream: newStream(), type });
      position = await positionOf(appendTo(store, { stream: newStream(), type: late }));
    }
  });

  it('subscribers that come while others write get every event once and in order', async () => {
    const before = await store.head();
    const streams = Array.from({ length: 8 }, () => newStream());
    const rounds = 60;
    const writing = Promise.all(streams.map(async (stream) => {
      for (let round = 0; round < rounds; round++) {
        await positionOf(appendTo(store, { stream, expected: round * 2 - 1, count: 2 }));
      }
    }));
    const all = streams.length * rounds * 2;
    const subscribers = [0, 1, 2].map(() =>
      collectUntil(store.subscribe(before), ({ length }) => length === all));
    await writing;
    const stored = await collect(store.readAll(before));
    expect(stored).toHaveLength(all);
    for (const events of await Promise.all(subscribers)) expect(events).toEqual(stored);
  });

  it('ends when it is told to stop while it waits', async () => {
    const stop = new AbortController();
    const items: string[] = [];
    const head = await store.head();
    for await (const item of store.subscribe(head, { signal: stop.signal })) {
      items.push(told(item));
      setImmediate(() => stop.abort());
    }
    expect(items).toEqual([`caught up ${head}`]);
  });

  it('ends when it is told to stop while it catches up, with nothing after that', async () => {
    const before = await store.head();
    await appendTo(store, { stream: newStream(), count: 5_000 });
    const stop = new AbortController();
    let count = 0;
    for await (const item of store.subscribe(before, { signal: stop.signal })) {
      expect(isCaughtUp(item)).toBe(false);
      if (++count === 10) stop.abort();
    }
    expect(count).toBe(10);
  });

  it('says nothing at all when it was stopped before it began', async () => {
    expect(await collect(store.subscribe('0', { signal: AbortSignal.abort() }))).toEqual([]);
  });

  it('refuses to wait beyond the end of the log: that checkpoint belongs to another log', async () => {
    const beyond = String(BigInt(await store.head()) + 1n);
    await expect(collect(store.subscribe(beyond))).rejects.toThrow(RangeError);
  });

  it('ends when the store is closed; an append after that is refused', async () => {
    const other = await open();
    const ended = collect(other.store.subscribe(await other.store.head()));
    await appendTo(other.store, { stream: newStream() });
    await other.store.close();
    await ended;
    await expect(appendTo(other.store, { stream: newStream() })).rejects.toThrow();
    await other.dispose();
  });
}
