import type { EventStore } from '../../src/infrastructure/event-store/event-store.js';
import type { OpenStore, StoreUnderTest } from './sample-appends.js';
import {
  appendTo, collect, eventsOf, newMeta, newStream, positionOf, revisionsOf, writeOf,
} from './sample-appends.js';

/** Sizes on both sides of where a store may switch to another way of writing. */
const sizes = [{ size: 'a small', count: 2 }, { size: 'a large', count: 700 }];

export function appendingContract(open: OpenStore): void {
  let opened: StoreUnderTest;
  let store: EventStore;

  beforeAll(async () => {
    opened = await open();
    store = opened.store;
  });
  afterAll(() => opened.dispose());

  describe.each(sizes)('$size append', ({ count }) => {
    it('is stored in the order given, revisions counting from 0', async () => {
      const stream = newStream();
      const meta = newMeta();
      const result = await appendTo(store, { stream, count }, meta);
      const stored = await collect(store.readStream(stream));
      expect(result).toEqual({ kind: 'appended', position: stored.at(-1)?.position, replayed: false });
      const position = expect.stringMatching(/^[1-9]\d*$/);
      const expected = eventsOf(meta, count).map((event, revision) =>
        ({ ...event, stream, revision, metadata: meta.metadata, position }));
      expect(stored).toEqual(expected);
    });

    it('continues a stream only from the revision it is at', async () => {
      const stream = newStream();
      await appendTo(store, { stream, count: 3 });
      for (const expected of [-1, 0, 1, 3, 7]) {
        const refused = await appendTo(store, { stream, expected, count });
        expect(refused).toEqual({ kind: 'conflict', stream, actualRevision: 2 });
      }
      await positionOf(appendTo(store, { stream, expected: 2, count }));
      expect(revisionsOf(await collect(store.readStream(stream)))).toEqual([...Array(count + 3).keys()]);
    });

    it('does not begin a stream in its middle', async () => {
      const stream = newStream();
      const refused = await appendTo(store, { stream, expected: 0, count });
      expect(refused).toEqual({ kind: 'conflict', stream, actualRevision: -1 });
      expect(await collect(store.readStream(stream))).toEqual([]);
    });

    it('goes to several streams together or to none of them', async () => {
      const [first, second, third] = [newStream(), newStream('account'), newStream()];
      await appendTo(store, { stream: third });
      const meta = newMeta();
      const refused = await store.append([
        writeOf({ stream: first, count }, meta), writeOf({ stream: second }, meta),
        writeOf({ stream: third }, meta),
      ], meta);
      expect(refused).toEqual({ kind: 'conflict', stream: third, actualRevision: 0 });
      expect(await collect(store.readStreams([first, second]))).toEqual([]);
      const retry = newMeta();
      await positionOf(store.append([
        writeOf({ stream: first, count }, retry), writeOf({ stream: second }, retry),
        writeOf({ stream: third, expected: 0 }, retry),
      ], retry));
      expect(await collect(store.readStreams([first, second, third]))).toHaveLength(count + 3);
    });

    it('tells streams of different categories apart, even with the same uuid', async () => {
      const stream = newStream('payment');
      const twin = stream.replace('payment', 'account');
      await positionOf(appendTo(store, { stream, count }));
      await positionOf(appendTo(store, { stream: twin, count: 1 }));
      expect(await collect(store.readStream(twin))).toHaveLength(1);
    });

    it('repeated under its command id gives the first receipt and adds nothing', async () => {
      const stream = newStream();
      const meta = newMeta();
      const position = await positionOf(appendTo(store, { stream, count }, meta));
      const again = await appendTo(store, { stream, count }, meta);
      expect(again).toEqual({ kind: 'appended', position, replayed: true });
      await appendTo(store, { stream, expected: count - 1 });
      const muchLater = await appendTo(store, { stream, expected: count, count }, meta);
      expect(muchLater).toEqual({ kind: 'appended', position, replayed: true });
      expect(await collect(store.readStream(stream))).toHaveLength(count + 1);
    });

    it('under a known command id but another fingerprint is refused', async () => {
      const stream = newStream();
      const meta = newMeta();
      await appendTo(store, { stream, count }, meta);
      const otherMeta = { ...meta, fingerprint: 'd4e5f6' };
      const other = await appendTo(store, { stream, expected: count - 1, count }, otherMeta);
      expect(other).toEqual({ kind: 'command-id-reused' });
      expect(await collect(store.readStream(stream))).toHaveLength(count);
    });

    it('refused for a conflict leaves its command id free', async () => {
      const stream = newStream();
      await appendTo(store, { stream });
      const meta = newMeta();
      expect(await appendTo(store, { stream, count }, meta)).toMatchObject({ kind: 'conflict' });
      expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
      expect(await appendTo(store, { stream, expected: 0, count }, meta)).toMatchObject({ replayed: false });
    });

    it('asked for by many at the same revision is won by exactly one', async () => {
      const stream = newStream();
      const results = await Promise.all(Array.from({ length: 12 }, () => appendTo(store, { stream, count })));
      const kinds = results.map(({ kind }) => kind).sort();
      expect(kinds).toEqual(['appended', ...Array<string>(11).fill('conflict')]);
      expect(await collect(store.readStream(stream))).toHaveLength(count);
    });

    it('asked for by many under one command id is stored once and answered alike', async () => {
      const stream = newStream();
      const meta = newMeta();
      const twelve = Array.from({ length: 12 }, () => appendTo(store, { stream, count }, meta));
      const results = await Promise.all(twelve);
      const positions = new Set(await Promise.all(twelve.map(positionOf)));
      expect(positions.size).toBe(1);
      expect(results.filter((result) => result.kind === 'appended' && !result.replayed)).toHaveLength(1);
      expect(await collect(store.readStream(stream))).toHaveLength(count);
    });
  });

  it('an append of nothing is remembered too', async () => {
    const stream = newStream();
    const meta = newMeta();
    const first = await appendTo(store, { stream, count: 0 }, meta);
    expect(first).toEqual({ kind: 'appended', position: null, replayed: false });
    expect(await appendTo(store, { stream, count: 1 }, meta)).toEqual({ ...first, replayed: true });
    expect(await collect(store.readStream(stream))).toEqual([]);
  });

  it('deciding to add nothing still needs the revision it was decided at', async () => {
    const stream = newStream();
    await appendTo(store, { stream });
    const late = await appendTo(store, { stream, expected: -1, count: 0 });
    expect(late).toEqual({ kind: 'conflict', stream, actualRevision: 0 });
  });

  it('a receipt tells what became of a command id', async () => {
    const meta = newMeta();
    expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
    const position = await positionOf(appendTo(store, { stream: newStream(), count: 2 }, meta));
    const receipt = await store.receipt(meta.commandId, meta.fingerprint);
    expect(receipt).toEqual({ kind: 'appended', position, replayed: true });
    expect(await store.receipt(meta.commandId, 'd4e5f6')).toEqual({ kind: 'command-id-reused' });
  });

  it('one conflict among many concurrent appends fails nobody else', async () => {
    const taken = newStream();
    await appendTo(store, { stream: taken });
    const streams = Array.from({ length: 50 }, (_, index) => (index === 20 ? taken : newStream()));
    const results = await Promise.all(
      streams.map((stream, index) => appendTo(store, { stream, count: 1 + index % 3 })));
    expect(results.map(({ kind }) => kind)).toEqual(
      streams.map((stream) => (stream === taken ? 'conflict' : 'appended')));
    for (const [index, result] of results.entries()) {
      if (result.kind !== 'appended') continue;
      const stored = await collect(store.readStream(streams[index] ?? ''));
      expect([stored.length, stored.at(-1)?.position]).toEqual([1 + index % 3, result.position]);
    }
  });

  it.each([
    ['JSON keeps its spelling', '{ "b":1,\t"a" : [1.50, 1e2],"a":null }'],
    ['names outside the basic plane', '{"name":"𠮷野家 李氵"}'],
    ['separators and controls', '{"text":"\u2028\u2029\u007f\\u0000\\u001f\\u001f\\n\\"\\\\"}'],
    ['half a surrogate pair', JSON.stringify({ half: '\ud842' })],
  ])('a payload comes back byte for byte: %s', async (_, payload) => {
    const [small, large] = [newStream(), newStream()];
    await positionOf(appendTo(store, { stream: small, payload }));
    await positionOf(appendTo(store, { stream: large, payload, count: 700 }));
    const stored = await collect(store.readStreams([small, large]));
    expect(stored).toHaveLength(701);
    expect(stored.filter((event) => event.payload !== payload)).toEqual([]);
  });

  it('what no caller may ask is thrown, and nothing is stored', async () => {
    const stream = newStream();
    const meta = newMeta();
    const write = writeOf({ stream }, meta);
    const head = await store.head();
    const wrong: Parameters<EventStore['append']>[] = [
      [[write, write], meta],
      [[{ ...write, stream: 'payment-1' }], meta],
      [[{ ...write, stream: stream.toUpperCase() }], meta],
      [[{ ...write, expectedRevision: -2 }], meta],
      [[write], { ...meta, commandId: 'no-uuid' }],
      [[write], { ...meta, fingerprint: 'two\x1ffingerprints' }],
      [[writeOf({ stream, count: 50_001 }, meta)], meta],
    ];
    for (const asked of wrong) await expect(store.append(...asked)).rejects.toThrow(RangeError);
    expect(await store.head()).toBe(head);
  });
}
