// Stands between a process and its server. When it falls silent nothing passes any more, in either direction,
// and nobody is told: no reset, no end. New connections are taken and get no answer.
import { connect, createServer } from 'node:net';

export class SilencingProxy {
  #pairs = new Set();
  #isSilent = false;
  #armed = null;

  static async before(url) {
    const target = new URL(url);
    const proxy = new SilencingProxy();
    proxy.server = createServer((client) => proxy.#join(client, target));
    await new Promise((resolve) => { proxy.server.listen(0, '127.0.0.1', resolve); });
    const own = new URL(url);
    own.port = String(proxy.server.address().port);
    return Object.assign(proxy, { url: own.href });
  }

  /** Falls silent with the first request that contains the marker, after it has passed. Resolves then. */
  silentFrom(marker) {
    return new Promise((resolve) => { this.#armed = { marker: Buffer.from(marker), resolve }; });
  }

  /**
   * What was swallowed stays lost; what comes from now on passes. A connection whose bytes were swallowed
   * is of no use to anybody: it ends, as it would when its next packet arrives at a peer that gave up.
   */
  heal() {
    this.#isSilent = false;
    for (const pair of this.#pairs) if (pair.hasSwallowed) pair.end();
  }

  async close() {
    this.heal();
    for (const pair of this.#pairs) pair.end();
    await new Promise((resolve) => { this.server.close(resolve); });
  }

  #join(client, target) {
    const server = connect(Number(target.port), target.hostname);
    const pair = { hasSwallowed: false, end: () => [client, server].forEach((socket) => socket.destroy()) };
    this.#pairs.add(pair);
    const pass = (bytes, to) => {
      if (this.#isSilent) pair.hasSwallowed = true;
      else to.write(bytes);
    };
    client.on('data', (bytes) => {
      pass(bytes, server);
      if (this.#isSilent || !this.#armed || !bytes.includes(this.#armed.marker)) return;
      this.#isSilent = true;
      this.#armed.resolve();
      this.#armed = null;
    });
    server.on('data', (bytes) => pass(bytes, client));
    for (const [socket, other] of [[client, server], [server, client]]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        // The end of a connection is news too, and no news passes.
        if (this.#isSilent) pair.hasSwallowed = true;
        else this.#part(pair, other);
      });
    }
  }

  #part(pair, other) {
    this.#pairs.delete(pair);
    other.destroy();
  }
}
