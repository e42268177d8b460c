import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isCaughtUp } from '../../src/application/event-log.js';
import type { EventStore } from '../../src/infrastructure/event-store/event-store.js';
import { openKurrentEventStore } from '../../src/infrastructure/event-store/kurrent/kurrent-event-store.js';
import type { KurrentOptions } from '../../src/infrastructure/event-store/kurrent/options.js';
import { InProcessServer } from '../support/kurrent/in-process-server.js';
import { selfSignedCertificate } from '../support/kurrent/self-signed.js';
import { appendTo, collect, collectUntil, newMeta, newStream, positionOf } from './sample-appends.js';

/** Where silence is expected: it ends a wait soon, yet a busy machine gets its word in. */
const impatient = { deadlineMs: 1_500 };
/** Where none is expected a busy machine must not be taken for one. */
const patient = { deadlineMs: 20_000 };

/** As a careful caller does it: asks again, under the same command id, until it knows. */
async function stored(store: EventStore): Promise<string> {
  const [stream, meta] = [newStream(), newMeta()];
  for (;;) {
    const result = appendTo(store, { stream }, meta);
    if ((await result).kind !== 'unknown') return positionOf(result);
    await sleep(50);
  }
}

describe('a connection to KurrentDB', () => {
  const ended: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ended.splice(0).reverse()) await end();
  });

  async function start(options?: Parameters<typeof InProcessServer.start>[0]): Promise<InProcessServer> {
    const server = await InProcessServer.start(options);
    ended.push(() => server.stop());
    return server;
  }
  function open(url: string, options: Partial<KurrentOptions> = {}) {
    const store = openKurrentEventStore(url, { ...patient, ...options });
    ended.push(() => store.close());
    return store;
  }

  describe('with TLS', () => {
    let authority: string;

    async function startSecurely(): Promise<{ server: InProcessServer; url: (user: string) => string }> {
      const tls = selfSignedCertificate();
      authority = join(tmpdir(), `authority-${randomUUID()}.pem`);
      await writeFile(authority, tls.certificate);
      ended.push(() => rm(authority));
      const server = await start({ tls, credentials: 'treasury:right' });
      const settings = `tls=true&tlsCAFile=${encodeURIComponent(authority)}`;
      return { server, url: (user) => `esdb://${user}@localhost:${server.address.port}?${settings}` };
    }

    it('trusts the authority it was told of and shows its credentials', async () => {
      const { url } = await startSecurely();
      const store = open(url('treasury:right'));
      const position = await positionOf(appendTo(store, { stream: newStream() }));
      expect((await collect(store.readAll('0'))).map((event) => event.position)).toEqual([position]);
    });

    it('with a wrong password is refused for good', async () => {
      const { url } = await startSecurely();
      const store = open(url('treasury:wrong'));
      await expect(appendTo(store, { stream: newStream() })).rejects.toThrow('Access Denied');
      await expect(collect(store.subscribe('0'))).rejects.toThrow('Access Denied');
    });

    it('tells nothing to a server of another authority', async () => {
      const { server, url } = await startSecurely();
      await writeFile(authority, selfSignedCertificate().certificate);
      const store = open(url('treasury:right'), impatient);
      const answer = await appendTo(store, { stream: newStream() });
      expect(answer).toMatchObject({ kind: 'unknown' });
      expect(server.node.counts.appends).toBe(0);
    });
  });

  describe('to a cluster', () => {
    let nodes: InProcessServer[];

    /** The nodes agree on who leads, and gossip about it. */
    function elect(leader: InProcessServer): void {
      for (const { node } of nodes) {
        node.leader = leader.node === node ? undefined : leader.address;
        node.members = () =>
          nodes.map(({ address }) => ({ ...address, leads: address.port === leader.address.port }));
      }
    }
    beforeEach(async () => {
      const first = await start();
      nodes = [first, await start({ log: first.log }), await start({ log: first.log })];
    });
    const clusterUrl = (): string =>
      `esdb://${nodes.map(({ address }) => `${address.host}:${address.port}`).join()}?tls=false&discoveryInterval=20`;

    it('goes to the leader the gossip names', async () => {
      elect(nodes[1] as InProcessServer);
      await positionOf(appendTo(open(clusterUrl()), { stream: newStream() }));
      expect(nodes.map(({ node }) => node.counts.appends)).toEqual([0, 2, 0]);
    });

    it('told by a follower who leads turns to that one, and no caller notices', async () => {
      elect(nodes[0] as InProcessServer);
      const store = open((nodes[0] as InProcessServer).url);
      await positionOf(appendTo(store, { stream: newStream() }));
      elect(nodes[2] as InProcessServer);
      await positionOf(appendTo(store, { stream: newStream() }));
      expect(nodes.map(({ node }) => node.counts.appends)).toEqual([3, 0, 2]);
    });

    it('outlives the death of its leader: an outcome is unknown at worst, subscribers go on', async () => {
      const [dying, next] = nodes as [InProcessServer, InProcessServer];
      elect(dying);
      const store = open(clusterUrl(), impatient);
      const reading = collectUntil(store.subscribe('0'), ({ length }) => length === 20);
      const metas = Array.from({ length: 20 }, () => ({ meta: newMeta(), stream: newStream() }));
      for (const [index, { meta, stream }] of metas.entries()) {
        if (index === 10) {
          await dying.wire.stopListening();
          elect(next);
        }
        while ((await appendTo(store, { stream }, meta)).kind === 'unknown') await sleep(10);
      }
      expect((await reading).map(({ stream }) => stream)).toEqual(metas.map(({ stream }) => stream));
    });

    it('in which nobody leads answers unknown, and works again when somebody does', async () => {
      const [alone] = nodes as [InProcessServer];
      elect(alone);
      const store = open(alone.url, impatient);
      await stored(store);
      alone.node.leader = { host: '127.0.0.1', port: 1 };
      expect(await appendTo(store, { stream: newStream() })).toMatchObject({ kind: 'unknown' });
      elect(alone);
      await stored(store);
    });
  });

  it('that carries nothing any more is given up after a missed probe; callers are told before', async () => {
    const server = await start();
    const warn = console.warn;
    // The client finds probes this often excessive, and says so.
    console.warn = () => undefined;
    const probes = { keepAliveIntervalMs: 2_000, keepAliveTimeoutMs: 4_000 };
    const store = open(server.url, { ...impatient, ...probes });
    console.warn = warn;
    await stored(store);
    const reading = collectUntil(store.subscribe('0'), ({ length }) => length === 2);
    await sleep(100);
    server.wire.freeze();
    const [meta, stream] = [newMeta(), newStream()];
    expect(await appendTo(store, { stream }, meta)).toMatchObject({ kind: 'unknown' });
    expect(server.wire.connections).toBe(1);
    while ((await appendTo(store, { stream }, meta)).kind === 'unknown') await sleep(50);
    expect((await reading).map(({ revision }) => revision)).toEqual([0, 0]);
    expect(server.wire.connections).toBe(2);
  });

  describe('to nodes that accept a connection and say nothing', () => {
    async function askedOf(count: number) {
      const sockets: Socket[] = [];
      const silent = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
      await once(silent.listen(0, '127.0.0.1'), 'listening');
      // The client keeps its half open until the other half goes: a run of tests would not end.
      ended.push(async () => {
        silent.close();
        for (const socket of sockets) socket.destroy();
      });
      const host = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
      const hosts = Array<string>(count).fill(host).join();
      const store = open(`esdb://${hosts}?tls=false`, impatient);
      const asked = performance.now();
      const read = store.receipt(randomUUID(), 'a1b2c3').then(() => false, () => true);
      const { kind } = await appendTo(store, { stream: newStream() });
      return { kind, afterMs: performance.now() - asked, isReadRefused: await read };
    }

    it('appends are unknown in time and reads fail, however many there are', async () => {
      // At the same time: all they do is wait. The client by itself would look for a node for minutes.
      for (const { kind, afterMs, isReadRefused } of await Promise.all([1, 3].map(askedOf))) {
        expect([kind, isReadRefused, afterMs < 15_000]).toEqual(['unknown', true, true]);
      }
    });
  });

  it('to a server not there: reads fail in time, appends are unknown, later all is well', async () => {
    const server = await start();
    const store = open(server.url, impatient);
    await server.wire.stopListening();
    expect(await appendTo(store, { stream: newStream() })).toMatchObject({ kind: 'unknown' });
    await expect(collect(store.readStream(newStream()))).rejects.toThrow();
    await server.wire.listenAgain();
    await stored(store);
  });

  it('closed finishes what was asked, ends every read and leaves nothing open', async () => {
    const server = await start();
    const store = open(server.url);
    const stream = newStream();
    await positionOf(appendTo(store, { stream, count: 500 }));
    let followed = 0;
    const following = (async () => {
      for await (const item of store.subscribe('0')) followed += isCaughtUp(item) ? 0 : 1;
    })();
    while (followed < 500) await sleep(10);
    const abandoned = store.readStream(stream)[Symbol.asyncIterator]();
    await abandoned.next();
    const pending = appendTo(store, { stream: newStream() });
    await store.close();
    expect(await pending).toMatchObject({ kind: 'appended' });
    await following;
    while (server.node.counts.openReads > 0) await sleep(10);
  });
});
