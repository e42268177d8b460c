import { randomUUID } from 'node:crypto';
import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client';
import {
  BACKWARDS, END, eventTypeFilter, EventStoreDBClient, jsonEvent, MaxAppendSizeExceededError, NO_STREAM,
  StreamNotFoundError, WrongExpectedVersionError,
} from '@eventstore/db-client';
import { receiptTypePrefix } from '../../src/infrastructure/event-store/kurrent/messages.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import { collect } from './sample-appends.js';

/** A type that readers of facts pass over: these events are not as the adapter writes them. */
const unread = `${receiptTypePrefix}sample`;
const realServer = process.env.EVENT_STORE_TEST_URL;

async function openInProcess() {
  const server = await InProcessServer.start();
  return { url: server.url, close: () => server.stop() };
}
const openReal = async (url: string) => ({ url, close: async () => undefined });

const servers = [
  { name: 'the server of this process', open: openInProcess },
  ...(realServer ? [{ name: 'the server of EVENT_STORE_TEST_URL', open: () => openReal(realServer) }] : []),
];

/**
 * What the adapter relies on, asked with the client as its makers meant it: our server must answer like
 * theirs.
 */
describe.each(servers)('$name', ({ open }) => {
  let client: EventStoreDBClient;
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    const opened = await open();
    close = opened.close;
    client = EventStoreDBClient.connectionString(opened.url);
  });
  afterAll(async () => {
    await client.dispose();
    await close();
  });

  const newStream = (): string => `payment-${randomUUID()}`;
  const events = (count: number, type = unread) =>
    Array.from({ length: count }, (_, number) => jsonEvent({ id: randomUUID(), type, data: { number } }));
  const write = (stream: string, expected: bigint | typeof NO_STREAM, what: ReturnType<typeof events>) =>
    client.appendToStream(stream, what, { expectedRevision: expected });

  it('answers an append with the position of its last event', async () => {
    const stream = newStream();
    const { position, nextExpectedRevision } = await write(stream, NO_STREAM, events(3));
    const read = await collect(client.readStream(stream));
    expect(nextExpectedRevision).toBe(2n);
    expect(read.at(-1)?.event?.position).toEqual(position);
    expect(position?.commit).toBe(position?.prepare);
  });

  it('refuses an append at another revision and tells the one there is', async () => {
    const stream = newStream();
    await write(stream, NO_STREAM, events(2));
    for (const expected of [NO_STREAM, 0n, 5n] as const) {
      const refused = await write(stream, expected, events(1)).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(WrongExpectedVersionError);
      expect(refused).toMatchObject({ streamName: stream, actualVersion: 1n });
    }
    const missing = await write(newStream(), 0n, events(1)).catch((error: unknown) => error);
    expect(missing).toMatchObject({ actualVersion: NO_STREAM });
  });

  it('takes the same events at the same revision for a repetition, however much follows', async () => {
    const stream = newStream();
    const first = events(2);
    const answer = await write(stream, NO_STREAM, first);
    await write(stream, 1n, events(1));
    expect((await write(stream, NO_STREAM, first)).position).toEqual(answer.position);
    expect(await collect(client.readStream(stream))).toHaveLength(3);
  });

  it('refuses what repeats an earlier append only in part', async () => {
    const stream = newStream();
    const first = events(2);
    await write(stream, NO_STREAM, first);
    const partly = write(stream, NO_STREAM, [...first, ...events(1)]);
    await expect(partly).rejects.toThrow(WrongExpectedVersionError);
    expect(await collect(client.readStream(stream))).toHaveLength(2);
  });

  it('says that a stream does not exist', async () => {
    await expect(collect(client.readStream(newStream()))).rejects.toThrow(StreamNotFoundError);
    const last = client.readStream(newStream(), { direction: BACKWARDS, fromRevision: END, maxCount: 1 });
    await expect(collect(last)).rejects.toThrow(StreamNotFoundError);
  });

  it('reads nothing beyond the end of a stream', async () => {
    const stream = newStream();
    await write(stream, NO_STREAM, events(2));
    expect(await collect(client.readStream(stream, { fromRevision: 2n, maxCount: 1 }))).toEqual([]);
  });

  it('gives a filtered subscription what is there, says so, then gives what is appended', async () => {
    const wanted = `${unread}-${randomUUID().slice(0, 8)}`;
    const other = await write(newStream(), NO_STREAM, events(50));
    await write(newStream(), NO_STREAM, events(2, wanted));
    const told: string[] = [];
    const subscription = client.subscribeToAll({
      fromPosition: other.position, filter: eventTypeFilter({ regex: `^(?:${wanted})$` }),
    });
    subscription.on('caughtUp', () => told.push('caught up'));
    await followUntil(subscription, async ({ event }) => {
      told.push(event?.type ?? '');
      if (told.length === 2) await write(newStream(), NO_STREAM, events(1, wanted));
      return told.length === 4;
    });
    expect(told).toEqual([wanted, wanted, 'caught up', wanted]);
  });

  it('tells a live subscription with a window of one of every record it looked at', async () => {
    const position = (await write(newStream(), NO_STREAM, events(1))).position;
    const checkpoints: bigint[] = [];
    let reached: (commit: bigint) => void = () => undefined;
    const subscription = client.subscribeToAll({
      fromPosition: position,
      filter: eventTypeFilter({
        regex: '^NeverStored$', maxSearchWindow: 1, checkpointInterval: 1,
        checkpointReached: (_, { commit }) => {
          checkpoints.push(commit);
          reached(commit);
        },
      }),
    });
    subscription.on('data', () => undefined);
    await new Promise<void>((resolve) => void subscription.once('caughtUp', resolve));
    const { position: appended } = await write(newStream(), NO_STREAM, events(1));
    await new Promise<void>((resolve) => {
      reached = (commit) => commit === appended?.commit && resolve();
      for (const commit of checkpoints) reached(commit);
    });
    await subscription.unsubscribe();
    expect(checkpoints.at(-1)).toBe(appended?.commit);
  });
});

it('the server of this process refuses an append larger than its limit and tells the limit', async () => {
  const server = await InProcessServer.start({ maxAppendBytes: 1_000 });
  const client = EventStoreDBClient.connectionString(server.url);
  const large = jsonEvent({ id: randomUUID(), type: 'PaymentRecorded', data: { text: 'x'.repeat(1_000) } });
  const refused = client.appendToStream('payment-1', large, { expectedRevision: NO_STREAM });
  await expect(refused).rejects.toThrow(MaxAppendSizeExceededError);
  await expect(refused).rejects.toMatchObject({ maxAppendSize: 1_000 });
  await client.dispose();
  await server.stop();
});

/** Ends the subscription once the question is answered with yes. */
async function followUntil(
  subscription: AllStreamSubscription, enough: (event: AllStreamResolvedEvent) => Promise<boolean>,
): Promise<void> {
  for await (const event of subscription) {
    if (await enough(event)) break;
  }
  await subscription.unsubscribe();
}
