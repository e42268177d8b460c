import type { AppendResult } from '../../src/application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore,
} from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import type { FaultKind } from '../support/kurrent/faults.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import {
  appendTo, collect, eventsOf, newMeta, newStream, positionOf, revisionsOf, writeOf,
} from './sample-appends.js';

type Append = EventStore['append'];

interface Loss {
  readonly kind: FaultKind;
  /** The record that the command was begun, or the fact itself. */
  readonly at: 'receipt' | 'fact';
}
const kinds: readonly FaultKind[] =
  ['cut-before', 'cut-after', 'hang-before', 'hang-after', 'time-out-before', 'time-out-after'];
const losses: readonly Loss[] = kinds.flatMap((kind) =>
  [{ kind, at: 'receipt' as const }, { kind, at: 'fact' as const }]);

/** Where no silence is expected a busy machine must not be taken for one. */
const patientMs = 20_000;
/** Where it is: long enough to get as far as the silence on a busy machine. */
const impatientMs = 2_500;

describe('an append to KurrentDB', () => {
  let server: InProcessServer;
  let store: EventStore;
  let impatient: EventStore;

  beforeEach(async () => {
    server = await InProcessServer.start();
    store = openKurrentEventStore(server.url, { deadlineMs: patientMs });
    impatient = openKurrentEventStore(server.url, { deadlineMs: impatientMs });
    await positionOf(appendTo(store, { stream: newStream('account') }));
  });
  afterEach(async () => {
    await impatient.close();
    await store.close();
    await server.stop();
  });

  const recordOf = (at: Loss['at']): RegExp => (at === 'receipt' ? /^receipt:/ : /^payment-/);

  /**
   * What is wrong with how an append survives a loss: nothing, if it is answered honestly and stored once.
   */
  async function violations(append: Append, { kind, at }: Loss, meanwhile?: () => void): Promise<string[]> {
    const stream = newStream();
    const meta = newMeta();
    const writes = [writeOf({ stream, count: 2 }, meta)];
    const found: string[] = [];
    server.faults.arm({ on: 'append', kind, stream: recordOf(at) });
    const first = await append(writes, meta);
    if (server.faults.struck !== 1) found.push('the fault did not strike');
    meanwhile?.();
    const retried = await append(writes, meta);
    const held = await collect(store.readStream(stream));
    const replayed = at === 'fact' || kind.endsWith('after');
    const receipt: AppendResult = { kind: 'appended', position: held.at(-1)?.position ?? null, replayed };
    if (first.kind !== 'unknown') found.push(`first answered ${first.kind}`);
    const said = JSON.stringify(retried);
    if (said !== JSON.stringify(receipt)) found.push(`then answered ${said}`);
    if (held.length !== 2) found.push(`stored ${held.length} of 2`);
    return found;
  }

  describe('whose answer is lost', () => {
    it.each(losses)('is unknown ($kind, the $at); the retry stores it exactly once', async (loss) => {
      const silent = loss.kind.startsWith('hang');
      let attempts = 0;
      const append: Append = (writes, meta) =>
        (silent && attempts++ === 0 ? impatient : store).append(writes, meta);
      expect(await violations(append, loss)).toEqual([]);
    });

    it('but was stored is known to be done, even to a process that begins only then', async () => {
      const stream = newStream();
      const meta = newMeta();
      server.faults.arm({ on: 'append', kind: 'cut-after', stream: /^payment-/ });
      expect(await appendTo(store, { stream, count: 3 }, meta)).toMatchObject({ kind: 'unknown' });
      const other = openKurrentEventStore(server.url, { deadlineMs: patientMs });
      const position = (await collect(other.readStream(stream))).at(-1)?.position;
      const receipt = await other.receipt(meta.commandId, meta.fingerprint);
      expect(receipt).toEqual({ kind: 'appended', position, replayed: true });
      expect(await other.receipt(meta.commandId, 'd4e5f6')).toEqual({ kind: 'command-id-reused' });
      await other.close();
    });

    it('and that was not stored is not known to be done', async () => {
      const meta = newMeta();
      server.faults.arm({ on: 'append', kind: 'cut-before', stream: /^payment-/ });
      expect(await appendTo(store, { stream: newStream() }, meta)).toMatchObject({ kind: 'unknown' });
      expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
    });

    it('and whose stream somebody else wrote to meanwhile is a conflict, not done', async () => {
      const stream = newStream();
      const meta = newMeta();
      server.faults.arm({ on: 'append', kind: 'cut-before', stream: /^payment-/ });
      await appendTo(store, { stream }, meta);
      await positionOf(appendTo(store, { stream }));
      const late = await appendTo(store, { stream }, meta);
      expect(late).toEqual({ kind: 'conflict', stream, actualRevision: 0 });
      expect(await store.receipt(meta.commandId, meta.fingerprint)).toBeNull();
      const anew = await appendTo(store, { stream, expected: 0 }, meta);
      expect(anew).toMatchObject({ kind: 'appended', replayed: false });
    });
  });

  describe('would be noticed here, if the store', () => {
    const afterStored: Loss = { kind: 'cut-after', at: 'fact' };
    const beforeArrived: Loss = { kind: 'cut-before', at: 'fact' };

    it('retried by itself under a fresh command id', async () => {
      const retrying = async (writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> => {
        const result = await store.append(writes, meta);
        const [write] = writes;
        if (result.kind !== 'unknown' || !write) return result;
        const fresh = newMeta();
        const expectedRevision = (await collect(store.readStream(write.stream))).length - 1;
        const events = eventsOf(fresh, write.events.length);
        return store.append([{ ...write, expectedRevision, events }], fresh);
      };
      expect(await violations(retrying, afterStored)).toContain('stored 4 of 2');
    });

    it('took a lost answer for a good one', async () => {
      const hopeful = async (writes: readonly EncodedWrite[], meta: EncodedMeta): Promise<AppendResult> => {
        const result = await store.append(writes, meta);
        return result.kind === 'unknown' ? { kind: 'appended', position: null, replayed: false } : result;
      };
      expect(await violations(hopeful, beforeArrived)).toEqual(['first answered appended']);
    });

    it('did not remember commands', async () => {
      const found = await violations(
        (writes, meta) => store.append(writes, meta), afterStored, () => server.log.forget(/^receipt:/));
      expect(found).toEqual([expect.stringContaining('"replayed":false')]);
    });
  });

  it('refused by a server with too much to do stores nothing and may be tried later', async () => {
    const stream = newStream();
    const meta = newMeta();
    server.faults.arm({ on: 'append', kind: 'busy', stream: /^payment-/ });
    await expect(appendTo(store, { stream }, meta)).rejects.toThrow(StoreBusy);
    expect(await collect(store.readStream(stream))).toEqual([]);
    await positionOf(appendTo(store, { stream }, meta));
  });

  it('for which the server has no time waits its turn, not for ever', async () => {
    const narrow = openKurrentEventStore(server.url, { deadlineMs: impatientMs, parallelCalls: 1 });
    server.faults.arm(...Array.from({ length: 3 }, () =>
      ({ on: 'append' as const, kind: 'hang-before' as const, stream: /^receipt:/ })));
    const [first, ...others] = Array.from({ length: 4 }, () => ({ stream: newStream(), meta: newMeta() }))
      .map(({ stream, meta }) => appendTo(narrow, { stream }, meta).catch((error: unknown) => error));
    expect(await first).toMatchObject({ kind: 'unknown' });
    const outcomes = await Promise.all(others);
    expect(outcomes.some((outcome) => outcome instanceof StoreBusy)).toBe(true);
    await narrow.close();
  });

  it('refused for good is an error, not an unknown outcome', async () => {
    server.faults.arm({ on: 'append', kind: 'denied', stream: /^payment-/ });
    await expect(appendTo(store, { stream: newStream() })).rejects.toThrow('Access Denied');
  });

  it('keeps the version of its facts and their metadata where tools of the server see them', async () => {
    const stream = newStream();
    const meta = newMeta({ metadata: '{"by":"ming"}' });
    await store.append([{ stream, expectedRevision: -1, events: eventsOf(meta, 1, { version: 3 }) }], meta);
    const [record] = server.log.stream(stream) ?? [];
    expect(record?.contentType).toBe('application/json');
    expect(JSON.parse(Buffer.from(record?.metadata ?? []).toString()))
      .toEqual({ schemaVersion: 3, metadata: { by: 'ming' } });
    expect(revisionsOf(await collect(store.readStream(stream)))).toEqual([0]);
  });
});
