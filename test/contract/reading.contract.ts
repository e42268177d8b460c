import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { comparePositions } from '../../src/application/event-log.js';
import type { EventStore, RecordedEvent } from '../../src/infrastructure/event-store/event-store.js';
import type { Capabilities, OpenStore, StoreUnderTest } from './sample-appends.js';
import {
  appendTo, collect, newMeta, newStream, positionOf, revisionsOf, sampleType, writeOf,
} from './sample-appends.js';

const megabyte = 1024 * 1024;

export function readingContract(open: OpenStore, { densePositions }: Capabilities): void {
  let opened: StoreUnderTest;
  let store: EventStore;

  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened.dispose());

  it('a stream nobody has written to is empty', async () => {
    expect(await collect(store.readStream(newStream()))).toEqual([]);
    expect(await collect(store.readStream(newStream('never-heard-of')))).toEqual([]);
  });

  it('a name that no stream can have is refused', async () => {
    await expect(collect(store.readStream('payment-1'))).rejects.toThrow(RangeError);
    await expect(collect(store.readStreams([newStream(), 'payment-1']))).rejects.toThrow(RangeError);
  });

  it('a stream longer than any page is read whole and in order', async () => {
    const stream = newStream();
    const count = 9_001;
    await positionOf(appendTo(store, { stream, count }));
    expect(revisionsOf(await collect(store.readStream(stream)))).toEqual([...Array(count).keys()]);
  });

  it('many streams come one after the other, each in order, without those that do not exist', async () => {
    const lengths = [1, 3_000, 0, 2, 4_500, 1, 0, 2_000, ...Array<number>(1_500).fill(1)];
    const streams = lengths.map(() => newStream());
    const meta = newMeta();
    const writes = streams.map((stream, index) => writeOf({ stream, count: lengths[index] ?? 0 }, meta));
    await positionOf(store.append(writes, meta));
    const asked = [...streams, ...streams.slice(0, 2), newStream('never-heard-of')];
    const read = await collect(store.readStreams(asked));
    const expected = streams.flatMap((stream, index) =>
      Array.from({ length: lengths[index] ?? 0 }, (_, revision) => `${stream} ${revision}`));
    const told = read.map(({ stream, revision }) => `${stream} ${revision}`);
    expect(told.length).toBe(expected.length);
    expect(told.filter((line, index) => line !== expected[index]).slice(0, 3)).toEqual([]);
  });

  it('everything comes in the order of positions, from after one position up to another', async () => {
    const before = await store.head();
    const positions: string[] = [];
    for (let index = 0; index < 5; index++) {
      positions.push(await positionOf(appendTo(store, { stream: newStream() })));
    }
    const all = await collect(store.readAll(before));
    expect(all.map(({ position }) => position)).toEqual(positions);
    const [second = '', third, fourth = ''] = positions.slice(1);
    const middle = await collect(store.readAll(second, { until: fourth }));
    expect(middle.map(({ position }) => position)).toEqual([third, fourth]);
    expect(await collect(store.readAll(fourth, { until: second }))).toEqual([]);
    expect(await store.head()).toBe(positions.at(-1));
  });

  it('positions are decimal strings that strictly increase, without gaps where promised', async () => {
    const before = await store.head();
    await Promise.all(Array.from({ length: 300 }, (_, index) =>
      appendTo(store, { stream: newStream(), count: index % 4, expected: index % 7 === 0 ? 3 : -1 })));
    await appendTo(store, { stream: newStream(), count: 800 });
    const positions = (await collect(store.readAll(before))).map(({ position }) => position);
    expect(positions.length).toBeGreaterThan(1_000);
    const wrong = positions.filter((position, index) => {
      const previous = positions[index - 1] ?? before;
      if (comparePositions(previous, position) >= 0) return true;
      return densePositions && BigInt(position) !== BigInt(previous) + 1n;
    });
    expect(wrong).toEqual([]);
  });

  it('all come in order but those to be left out, by their whole names alone', async () => {
    const before = await store.head();
    const stem = `Sample${newStream().slice(-12)}`;
    const [returned, cancelled, longer] = [`${stem}Returned`, `${stem}Cancelled`, `${stem}ReturnedLate`];
    const types = [sampleType, returned, longer, cancelled];
    for (const type of [...types, ...types]) await appendTo(store, { stream: newStream(), type });
    const typesBut = async (...except: string[]): Promise<string[]> =>
      (await collect(store.readAll(before, { except }))).map(({ type }) => type);
    expect(await typesBut(sampleType, returned, 'NeverStored'))
      .toEqual([longer, cancelled, longer, cancelled]);
    expect(await typesBut('NeverStored', stem, longer.slice(0, -1), longer.slice(1), `${stem}.*`))
      .toEqual([...types, ...types]);
    expect(await typesBut(...types)).toEqual([]);
    expect(await typesBut()).toEqual([...types, ...types]);
  });

  it('a long read of large events never holds more than a few pages', async () => {
    const before = await store.head();
    const [perAppend, appends, size] = [20, 10, megabyte / 2];
    const payload = JSON.stringify({ text: 'x'.repeat(size) });
    const streams = Array.from({ length: appends }, () => newStream());
    for (const stream of streams) await positionOf(appendTo(store, { stream, count: perAppend, payload }));
    const total = perAppend * appends * size;
    const mostHeld = total / 2;
    expect(await heldWhileReading(store.readAll(before))).toBeLessThan(mostHeld);
    expect(await heldWhileReading(store.readStreams(streams))).toBeLessThan(mostHeld);
    // The measure itself: a reader that keeps what it read must be seen.
    const kept: Buffer[] = [];
    const keeping = (event: RecordedEvent): void => void kept.push(Buffer.from(event.payload));
    expect(await heldWhileReading(store.readAll(before), keeping)).toBeGreaterThan(total * 0.9);
  }, 120_000);
}

/** The most bytes alive while reading, beyond those alive before. */
async function heldWhileReading(
  events: AsyncIterable<RecordedEvent>, look: (event: RecordedEvent) => void = () => undefined,
): Promise<number> {
  const before = aliveBytes();
  let most = 0;
  let count = 0;
  for await (const event of events) {
    look(event);
    if (++count % 25 === 0) most = Math.max(most, aliveBytes() - before);
  }
  expect(count).toBe(200);
  return most;
}

function aliveBytes(): number {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  // Twice: texts outside the heap are given back only by the round after the one that finds them dead.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
