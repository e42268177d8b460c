import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** The wire between client and server: may be cut, or silently stop carrying anything. */
export class CuttableProxy {
  readonly #sockets = new Set<Socket>();
  #frozen = false;
  #refusing = false;
  connections = 0;

  private constructor(private readonly server: Server, private readonly targetPort: number) {
    server.on('connection', (client) => this.#join(client));
  }

  static async before(targetPort: number): Promise<CuttableProxy> {
    const server = createServer();
    const proxy = new CuttableProxy(server, targetPort);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** New connections are closed at once until `accept` is called: a server that is down. */
  refuse(): void {
    this.#refusing = true;
    this.cut();
  }

  accept(): void {
    this.#refusing = false;
  }

  /** Packets get lost in both directions and nobody is told. */
  freeze(): void {
    this.#frozen = true;
    for (const socket of this.#sockets) socket.pause();
  }

  thaw(): void {
    this.#frozen = false;
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(client: Socket): void {
    if (this.#refusing) return void client.destroy();
    this.connections++;
    const server = connect(this.targetPort, '127.0.0.1');
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.#sockets.add(socket);
      // Back-pressure must reach the sender, or a slow reader would not be felt.
      socket.setNoDelay(true);
      socket.pipe(other);
      if (this.#frozen) socket.pause();
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
