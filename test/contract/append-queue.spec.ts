import type { WaitingAppend } from '../../src/infrastructure/event-store/postgres/append-queue.js';
import { AppendQueue } from '../../src/infrastructure/event-store/postgres/append-queue.js';
import type { CopyRows } from '../../src/infrastructure/event-store/postgres/copy-rows.js';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';

const large = {} as CopyRows;

function waiting(name: string, fields: Partial<WaitingAppend> & { streams?: string[] } = {}): WaitingAppend {
  const writes = (fields.streams ?? [`stream of ${name}`]).map((stream) =>
    ({ stream, expectedRevision: -1, events: [] }));
  const meta = { commandId: name, fingerprint: 'a', metadata: '{}' };
  return { writes, meta, events: 1, bytes: 100, settle: () => undefined, fail: () => undefined, ...fields };
}

function groupsOf(appends: readonly WaitingAppend[]): string[][] {
  const queue = new AppendQueue();
  for (const append of appends) queue.add(append);
  const groups: string[][] = [];
  while (!queue.isEmpty) groups.push(queue.takeGroup().map(({ meta }) => meta.commandId));
  return groups;
}

describe('what waits for the writing connection', () => {
  it('goes together when it has nothing in common', () => {
    expect(groupsOf(['a', 'b', 'c'].map((name) => waiting(name)))).toEqual([['a', 'b', 'c']]);
  });

  it('leaves half of many for the group behind it, none of few', () => {
    const sizeOfHalf = (count: number): number => {
      const queue = new AppendQueue();
      for (let index = 0; index < count; index++) queue.add(waiting(String(index)));
      return queue.takeGroup('half').length;
    };
    expect([1, 15, 16, 33].map(sizeOfHalf)).toEqual([1, 15, 8, 17]);
  });

  it('takes turns on a stream, in order of arrival, while others go ahead', () => {
    const appends = [
      waiting('a', { streams: ['x'] }), waiting('b', { streams: ['x', 'y'] }),
      waiting('c', { streams: ['y'] }), waiting('d', { streams: ['z'] }),
    ];
    expect(groupsOf(appends)).toEqual([['a', 'd'], ['b'], ['c']]);
  });

  it('takes turns under one command id', () => {
    expect(groupsOf([waiting('a'), waiting('a', { streams: ['other'] })])).toEqual([['a'], ['a']]);
  });

  it('is divided where a group would hold the head for too long', () => {
    const events = groupsOf(Array.from({ length: 5 }, (_, index) => waiting(String(index), { events: 400 })));
    expect(events.map(({ length }) => length)).toEqual([2, 2, 1]);
    const heavy = Array.from({ length: 5 }, (_, index) => waiting(String(index), { bytes: 900_000 }));
    const bytes = groupsOf(heavy);
    expect(bytes.map(({ length }) => length)).toEqual([2, 2, 1]);
  });

  it('goes alone when it is large, after those before it', () => {
    const appends = [waiting('a'), waiting('b', { rows: large, events: 5_000 }), waiting('c')];
    expect(groupsOf(appends)).toEqual([['a', 'c'], ['b']]);
    expect(groupsOf(appends.slice(1))).toEqual([['b'], ['c']]);
  });

  it('is refused beyond ten thousand appends, and welcome again when some were taken', () => {
    const queue = new AppendQueue();
    for (let index = 0; index < 10_000; index++) queue.add(waiting(String(index)));
    expect(() => queue.add(waiting('one more'))).toThrow(StoreBusy);
    queue.takeGroup();
    expect(() => queue.add(waiting('one more'))).not.toThrow();
  });

  it('is refused beyond 64 megabytes; a single append of any size is taken when nothing waits', () => {
    const queue = new AppendQueue();
    queue.add(waiting('a', { bytes: 100_000_000, rows: large }));
    expect(() => queue.add(waiting('b'))).toThrow(StoreBusy);
    queue.takeGroup();
    expect(() => queue.add(waiting('b'))).not.toThrow();
  });
});
