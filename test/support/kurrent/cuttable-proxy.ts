import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** The wire between client and server: may be cut, or silently stop carrying anything. */
export class CuttableProxy {
  readonly #sockets = new Set<Socket>();
  connections = 0;

  private constructor(
    private readonly server: Server, readonly port: number, private readonly targetPort: number,
  ) {
    server.on('connection', (client) => this.#join(client));
  }

  static async before(targetPort: number): Promise<CuttableProxy> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return new CuttableProxy(server, (server.address() as AddressInfo).port, targetPort);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** The server is down: nobody listens. */
  async stopListening(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  async listenAgain(): Promise<void> {
    await once(this.server.listen(this.port, '127.0.0.1'), 'listening');
  }

  /**
   * Packets of the connections there are get lost in both directions, and nobody is told; new ones are fine.
   */
  freeze(): void {
    for (const socket of this.#sockets) {
      socket.unpipe();
      socket.pause();
    }
  }

  async close(): Promise<void> {
    if (this.server.listening) await this.stopListening();
  }

  #join(client: Socket): void {
    this.connections++;
    const server = connect(this.targetPort, '127.0.0.1');
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.#sockets.add(socket);
      // Back-pressure must reach the sender, or a slow reader would not be felt.
      socket.setNoDelay(true);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
