import type { AppendResult } from '../../src/application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore,
} from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import type { FaultKind } from '../support/kurrent/faults.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import type { ProposedRecord } from '../support/kurrent/server-log.js';
import { collect, eventsOf, newMeta, newStream, positionOf, revisionsOf, writeOf } from './sample-appends.js';

/** Where no silence is expected a busy machine must not be taken for one. */
const deadlineMs = 20_000;
/** Where it is: long enough to get as far as the silence on a busy machine. */
const impatientMs = 5_000;
const losses: readonly { kind: FaultKind; independent: boolean }[] = [
  ...(['cut-before', 'cut-after', 'hang-after', 'time-out-after'] as const)
    .map((kind) => ({ kind, independent: false })),
  ...(['cut-before', 'cut-after', 'time-out-after'] as const).map((kind) => ({ kind, independent: true })),
];

describe('an append to several streams of KurrentDB', () => {
  let server: InProcessServer;
  let store: EventStore;

  beforeEach(async () => {
    server = await InProcessServer.start();
    store = openKurrentEventStore(server.url, { deadlineMs });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  const newWrites = (meta: EncodedMeta, streams: readonly string[]): EncodedWrite[] => {
    const events = eventsOf(meta, streams.length);
    return streams.map((stream, index) =>
      ({ stream, expectedRevision: -1, events: events.slice(index, index + 1) }));
  };
  const idsIn = async (streams: readonly string[]): Promise<string[]> =>
    (await collect(store.readStreams(streams))).map(({ id }) => id);
  const foreign = (): ProposedRecord => ({
    id: eventsOf(newMeta(), 1)[0]?.id ?? '', type: 'PaymentRecorded', contentType: 'application/json',
    data: Buffer.from('{}'), metadata: Buffer.from('{"schemaVersion":1,"metadata":{}}'),
  });

  it.each(losses)('broken off in its middle ($kind, independent: $independent) is unknown; '
    + 'repeated it is finished', async ({ kind, independent }) => {
    const streams = Array.from({ length: 60 }, () => newStream());
    const meta = newMeta({ independent });
    const writes = newWrites(meta, streams);
    server.faults.arm({ on: 'append', kind, stream: new RegExp(streams[50] ?? '') });
    const impatient = openKurrentEventStore(server.url, { deadlineMs: impatientMs });
    const first = kind.startsWith('hang') ? impatient : store;
    expect(await first.append(writes, meta)).toMatchObject({ kind: 'unknown' });
    await impatient.close();
    expect((await idsIn(streams)).length).toBeGreaterThan(0);
    expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
    const repeated = await store.append(writes, meta);
    const after = await collect(store.readStreams(streams));
    const last = after.map(({ position }) => BigInt(position)).reduce((a, b) => (a > b ? a : b));
    const receipt = { kind: 'appended', position: String(last), replayed: true };
    expect(repeated).toEqual(receipt);
    expect(after.map(({ id }) => id)).toEqual(writes.map(({ events }) => events[0]?.id));
    expect(await store.receipt(meta.commandId, meta.fingerprint)).toEqual(receipt);
    expect(await store.append(writes, meta)).toEqual(receipt);
    expect(await idsIn(streams)).toHaveLength(60);
  });

  it('broken off before its receipt was settled is known as done once it is repeated', async () => {
    const meta = newMeta();
    const writes = newWrites(meta, [newStream(), newStream()]);
    let receipts = 0;
    const second = { test: (stream: string) => stream.startsWith('receipt:') && ++receipts === 2 } as RegExp;
    server.faults.arm({ on: 'append', kind: 'cut-before', stream: second });
    expect(await store.append(writes, meta)).toMatchObject({ kind: 'unknown' });
    expect(await store.append(writes, meta)).toMatchObject({ kind: 'appended', replayed: true });
    const receipt = await store.receipt(meta.commandId, meta.fingerprint);
    expect(receipt).toMatchObject({ kind: 'appended', replayed: true });
    expect(await idsIn(writes.map(({ stream }) => stream))).toHaveLength(2);
  });

  it('repeated with only what was missing says that it went on with an earlier attempt', async () => {
    const streams = [newStream(), newStream(), newStream()];
    const meta = newMeta();
    server.faults.arm({ on: 'append', kind: 'time-out-before', stream: new RegExp(streams[2] ?? '') });
    await store.append(newWrites(meta, streams), meta);
    const missing = newWrites(meta, streams).slice(2);
    expect(await store.append(missing, meta)).toMatchObject({ kind: 'appended', replayed: true });
    expect(await idsIn(streams)).toHaveLength(3);
  });

  it('nothing of which was stored yet is begun by one attempt only, however many try at once', async () => {
    const streams = Array.from({ length: 20 }, () => newStream());
    const meta = newMeta();
    const stores = [store, openKurrentEventStore(server.url, { deadlineMs })];
    const results = await Promise.all([0, 1, 0, 1, 0, 1].map((index) =>
      (stores[index] ?? store).append(newWrites(meta, streams), meta)));
    await stores[1]?.close();
    const positions = new Set(results.map((result) =>
      (result.kind === 'appended' ? result.position : result.kind)));
    expect(positions.size).toBe(1);
    expect(results.filter((result) => result.kind === 'appended' && !result.replayed)).toHaveLength(1);
    expect(await idsIn(streams)).toHaveLength(20);
  });

  it('is refused before the first write if any of the streams has moved on', async () => {
    const streams = Array.from({ length: 40 }, () => newStream());
    const taken = streams[33] ?? '';
    const meta = newMeta();
    await store.append([writeOf({ stream: taken }, meta)], meta);
    const another = newMeta();
    expect(await store.append(newWrites(another, streams), another))
      .toEqual({ kind: 'conflict', stream: taken, actualRevision: 0 });
    expect(await collect(store.readStreams(streams))).toHaveLength(1);
    expect(await store.receipt(another.commandId, another.fingerprint)).toBeNull();
  });

  it('is looked at only where it matters: independent streams cost one call each', async () => {
    const streams = Array.from({ length: 40 }, () => newStream());
    const meta = newMeta({ independent: true });
    const { appends, reads } = { ...server.node.counts };
    expect(await store.append(newWrites(meta, streams), meta))
      .toMatchObject({ kind: 'appended', replayed: false });
    expect(server.node.counts.appends - appends).toBe(streams.length + 2);
    expect(server.node.counts.reads - reads).toBe(1);
  });

  it('to independent ones, where another has moved on, is decided anew and counted as resumed', async () => {
    const streams = Array.from({ length: 40 }, () => newStream());
    const taken = streams[33] ?? '';
    const [earlier, meta] = [newMeta(), newMeta({ independent: true })];
    await store.append([writeOf({ stream: taken }, earlier)], earlier);
    expect(await store.append(newWrites(meta, streams), meta))
      .toEqual({ kind: 'conflict', stream: taken, actualRevision: 0 });
    const known = await collect(store.readStreams(streams));
    const there = new Set(known.map(({ stream }) => stream));
    const missing = newWrites(meta, streams).filter(({ stream }) => !there.has(stream));
    expect(known.length).toBeGreaterThan(1);
    expect(await store.append(missing, meta)).toMatchObject({ kind: 'appended', replayed: true });
    expect(await idsIn(streams)).toHaveLength(40);
  });

  it('that loses a race in its middle says where; decided anew it is finished, nothing twice', async () => {
    const streams = [newStream(), newStream(), newStream()];
    const [, , contended = ''] = streams;
    const meta = newMeta();
    const meanwhile = (): void => void server.log.append(contended, -1, [foreign()]);
    server.faults.arm({ on: 'append', kind: 'none', stream: /^receipt:/, meanwhile });
    const raced = await store.append(newWrites(meta, streams), meta);
    expect(raced).toEqual({ kind: 'conflict', stream: contended, actualRevision: 0 });
    expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
    const again = newWrites(meta, streams)
      .map((write) => (write.stream === contended ? { ...write, expectedRevision: 0 } : write));
    expect(await store.append(again, meta)).toMatchObject({ kind: 'appended', replayed: true });
    expect((await collect(store.readStreams(streams))).map(({ stream, revision }) => `${stream}@${revision}`))
      .toEqual([`${streams[0]}@0`, `${streams[1]}@0`, `${contended}@0`, `${contended}@1`]);
  });

  it('is bound to what was asked first, also while it is unfinished', async () => {
    const meta = newMeta();
    const writes = newWrites(meta, [newStream(), newStream()]);
    server.faults.arm({ on: 'append', kind: 'cut-before', stream: /^payment-/ });
    await store.append(writes, meta);
    const other = await store.append(writes, { ...meta, fingerprint: 'd4e5f6' });
    expect(other).toEqual({ kind: 'command-id-reused' });
  });

  it('would be noticed here, if events got other ids in the second attempt', async () => {
    const streams = [newStream(), newStream()];
    const meta = newMeta();
    server.faults.arm({ on: 'append', kind: 'time-out-after', stream: /^payment-/ });
    expect(await store.append(newWrites(meta, streams), meta)).toMatchObject({ kind: 'unknown' });
    const careless = await store.append(newWrites(newMeta(), streams), meta);
    expect(careless).toMatchObject({ kind: 'conflict' });
  });
});

describe('an append larger than KurrentDB takes at once', () => {
  const maxAppendBytes = 1_000;
  let server: InProcessServer;

  beforeEach(async () => {
    server = await InProcessServer.start({ maxAppendBytes });
  });
  afterEach(() => server.stop());

  const withStore = async <T>(bytes: number, use: (store: EventStore) => Promise<T>): Promise<T> => {
    const store = openKurrentEventStore(server.url, { deadlineMs, maxAppendBytes: bytes });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  };

  it('goes in parts; broken off, whoever repeats it finishes it, also in parts of another size', async () => {
    const stream = newStream();
    const meta = newMeta();
    const writes = [writeOf({ stream, count: 50 }, meta)];
    let parts = 0;
    const third = { test: (name: string) => name === stream && ++parts === 3 } as RegExp;
    server.faults.arm({ on: 'append', kind: 'cut-after', stream: third });
    const first = await withStore(maxAppendBytes, (store) => store.append(writes, meta));
    expect(first).toMatchObject({ kind: 'unknown' });
    const stored = server.log.stream(stream)?.length ?? 0;
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(50);
    const repeated = await withStore(700, (store) => store.append(writes, meta));
    const read = await withStore(maxAppendBytes, (store) => collect(store.readStream(stream)));
    expect(repeated).toEqual({ kind: 'appended', position: read.at(-1)?.position, replayed: true });
    expect(revisionsOf(read)).toEqual([...Array(50).keys()]);
    expect(read.map(({ id }) => id)).toEqual(writes[0]?.events.map(({ id }) => id));
  });

  it('by several processes at once is stored once', async () => {
    const stream = newStream();
    const meta = newMeta();
    const attempt = (): Promise<AppendResult> =>
      withStore(maxAppendBytes, (store) => store.append([writeOf({ stream, count: 200 }, meta)], meta));
    const results = await Promise.all([attempt(), attempt(), attempt()]);
    expect(results.filter((result) => result.kind === 'appended' && !result.replayed)).toHaveLength(1);
    expect(results.filter((result) => result.kind === 'appended')).toHaveLength(3);
    expect(server.log.stream(stream)).toHaveLength(200);
  });

  it('because of a single event is refused before anything is stored', async () => {
    const meta = newMeta();
    const write = writeOf({ stream: newStream(), payload: JSON.stringify('x'.repeat(maxAppendBytes)) }, meta);
    const appends = server.node.counts.appends;
    const refused = withStore(maxAppendBytes, (store) => store.append([write], meta));
    await expect(refused).rejects.toThrow(RangeError);
    expect(server.node.counts.appends).toBe(appends);
  });

  it('because the server takes less than it was said to is an error that tells the limit', async () => {
    const meta = newMeta();
    const write = writeOf({ stream: newStream(), count: 50 }, meta);
    await expect(withStore(100_000, (store) => store.append([write], meta))).rejects.toThrow('1000');
    await positionOf(withStore(maxAppendBytes, (store) => store.append([write], meta)));
  });
});
