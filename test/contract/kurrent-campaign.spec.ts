import type { AppendResult } from '../../src/application/event-log.js';
import type {
  EncodedMeta, EncodedWrite, EventStore,
} from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import { StoreBusy } from '../../src/infrastructure/event-store/store-busy.js';
import type { FaultKind, Plague } from '../support/kurrent/faults.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import { collect, collectUntil, eventsOf, newMeta, newStream } from './sample-appends.js';

type Append =
  (store: EventStore, writes: readonly EncodedWrite[], meta: EncodedMeta) => Promise<AppendResult>;
interface Command { readonly meta: EncodedMeta; readonly writes: readonly EncodedWrite[] }

const clients = 4;
const commandsPerClient = 25;
const faultKinds: readonly FaultKind[] = [
  'cut-before', 'cut-after', 'hang-before', 'hang-after', 'time-out-before', 'time-out-after', 'busy',
];
const plagues: readonly Plague[] = ([
  { on: 'append', stream: /^receipt:/, every: 9 }, { on: 'append', stream: /^payment-/, every: 9 },
  { on: 'read', stream: /^receipt:/, every: 9 }, { on: 'read', stream: /^payment-/, every: 9 },
  { on: 'read', stream: /all/, every: 3 }, { on: 'subscription', every: 2 },
] as const).map((place) => ({ ...place, kinds: faultKinds }));
const faultsExpected = plagues.length * faultKinds.length;

/** Commands to one stream, to several, and in several parts. */
function newCommand(index: number): Command {
  const meta = newMeta();
  const streams = Array.from({ length: index % 3 === 0 ? 5 : 1 }, () => newStream());
  const each = index % 5 === 0 ? 12 : 2;
  const events = eventsOf(meta, streams.length * each);
  const writes = streams.map((stream, at) =>
    ({ stream, expectedRevision: -1, events: events.slice(at * each, (at + 1) * each) }));
  return { meta, writes };
}

describe('retrying clients of a KurrentDB whose every kind of request fails in every way', () => {
  let server: InProcessServer;
  let store: EventStore;

  beforeEach(async () => {
    server = await InProcessServer.start();
    store = openKurrentEventStore(server.url, { deadlineMs: 1_500, maxAppendBytes: 1_000 });
  });
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  /**
   * What is wrong after the clients have done all their commands: nothing, if each is stored once and
   * everybody saw it.
   */
  async function violations(append: Append): Promise<string[]> {
    const commands = Array.from({ length: clients * commandsPerClient }, (_, index) => newCommand(index));
    const expected = commands.flatMap(({ writes }) => writes)
      .flatMap(({ events }) => events.map(({ id }) => id));
    const following = collectUntil(store.subscribe('0'), ({ length }) => length >= expected.length);
    server.faults.begin(plagues);
    const found: string[] = [];
    await Promise.all(Array.from({ length: clients }, async (_, client) => {
      for (const command of commands.filter((_command, index) => index % clients === client)) {
        const answer = await answered(append, command);
        if (answer.kind !== 'appended') found.push(`answered ${answer.kind}`);
      }
    }));
    server.faults.end();
    const stored = await collect(store.readAll('0'));
    const ids = stored.map(({ id }) => id);
    if (ids.length > new Set(ids).size) found.push('stored twice');
    if (expected.some((id) => !ids.includes(id))) found.push('lost');
    if (ids.length > expected.length) found.push('more than was asked');
    if (found.length > 0) return [...new Set(found)];
    const seen = (await following).map(({ id }) => id);
    return seen.join() === ids.join() ? [] : ['a subscriber saw something else'];
  }

  async function answered(append: Append, { writes, meta }: Command): Promise<AppendResult> {
    for (;;) {
      try {
        const answer = await append(store, writes, meta);
        if (answer.kind !== 'unknown') return answer;
      } catch (error) {
        if (!(error instanceof StoreBusy)) throw error;
      }
    }
  }

  it('lose nothing, store nothing twice, and every subscriber sees the same', async () => {
    expect(await violations((log, writes, meta) => log.append(writes, meta))).toEqual([]);
    expect(server.faults.struck).toBeGreaterThan(faultsExpected);
  }, 120_000);

  it.each<[string, Append, string]>([
    ['took a lost answer for a good one', async (log, writes, meta) => {
      const answer = await log.append(writes, meta);
      return answer.kind === 'unknown' ? { kind: 'appended', position: null, replayed: false } : answer;
    }, 'lost'],
    ['gave every attempt ids of its own', (log, writes) => {
      const meta = newMeta();
      const own = writes.map((write) => ({ ...write, events: eventsOf(newMeta(), write.events.length) }));
      return log.append(own, meta);
    }, 'answered conflict'],
  ])('would be caught, if a client %s', async (_, append, violation) => {
    expect(await violations(append)).toContain(violation);
  }, 120_000);
});
