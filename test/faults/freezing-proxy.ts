import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * Stands between a process and its database and swallows everything while it is frozen, as a cut network
 * does: no connection is closed and no error is told. What was sent meanwhile arrives when it thaws.
 */
export class FreezingProxy {
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private isFrozen = false;
  private marker: Buffer | undefined;

  private constructor(private readonly server: Server, private readonly target: URL) {
    // Half-open on purpose: what a frozen network hides is also that the other side has gone.
    server.on('connection', (client) => this.join(client));
  }

  static async before(databaseUrl: string): Promise<FreezingProxy> {
    const server = createServer();
    const proxy = new FreezingProxy(server, new URL(databaseUrl));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  freeze(): void {
    this.isFrozen = true;
    for (const pair of this.pairs) for (const socket of pair) socket.pause();
  }

  /** At the next request that contains the marker, before any of it has arrived. */
  freezeAt(marker: string): void {
    this.marker = Buffer.from(marker);
  }

  get frozen(): boolean {
    return this.isFrozen;
  }

  thaw(): void {
    this.isFrozen = false;
    for (const pair of this.pairs) for (const socket of pair) socket.resume();
  }

  async close(): Promise<void> {
    this.thaw();
    for (const pair of this.pairs) for (const socket of pair) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    const pair = [client, server] as const;
    this.pairs.add(pair);
    client.on('data', (bytes) => {
      if (this.marker !== undefined && bytes.includes(this.marker)) {
        this.marker = undefined;
        this.freeze();
        client.unshift(bytes);
        return;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => { client.write(bytes); });
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      // A paused socket tells nobody that its other end has gone.
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.pairs.delete(pair);
        if (!this.isFrozen) other.destroy();
        else this.whenThawed(() => other.destroy());
      });
      if (this.isFrozen) socket.pause();
    }
  }

  private whenThawed(act: () => void): void {
    const look = setInterval(() => {
      if (this.isFrozen) return;
      clearInterval(look);
      act();
    }, 5);
  }
}
