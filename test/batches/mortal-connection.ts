import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** `request`: it never reaches the server. `reply`: the server does it, and nobody hears of it. */
export type LastWords = 'request' | 'reply';
interface Ending { readonly at: number; readonly lastWords: LastWords }

/**
 * Stands between one process and the database, and kills the process as far as the database can see: from a
 * chosen request on, nothing that it says or hears gets through any more, on any of its connections.
 */
export class MortalConnection {
  requests = 0;
  dead = false;
  private readonly sockets = new Set<Socket>();
  private died: () => void = () => undefined;
  readonly death = new Promise<void>((resolve) => {
    this.died = resolve;
  });

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
    private readonly end: Ending,
  ) {
    server.on('connection', (client) => this.join(client));
  }

  static async before(databaseUrl: string, end: Ending): Promise<MortalConnection> {
    const server = createServer();
    const mortal = new MortalConnection(server, new URL(databaseUrl), end);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mortal;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private die(): void {
    this.dead = true;
    for (const socket of this.sockets) socket.destroy();
    this.died();
  }

  private join(client: Socket): void {
    if (this.dead) return void client.destroy();
    const server = connect(Number(this.target.port), this.target.hostname);
    let unheard = false;
    client.on('data', (bytes) => {
      this.requests++;
      if (this.requests === this.end.at) {
        if (this.end.lastWords === 'request') return this.die();
        unheard = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (unheard) this.die();
      else client.write(bytes);
    });
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
