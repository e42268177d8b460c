import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** Ready for the next query, no transaction open: what the server says when it has committed. */
const readyAndIdle = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

type Cut =
  /** The server does what it was asked; its answer never arrives. */
  | 'reply'
  /** The request never arrives. */
  | 'request';

/** Stands between a store and its server and cuts the connection at the moment a test names. */
export class CuttingProxy {
  #armed: { readonly cut: Cut; readonly marker: Buffer } | undefined;
  readonly #sockets = new Set<Socket>();
  cuts = 0;

  private constructor(private readonly server: Server, private readonly target: URL) {
    server.on('connection', (client) => this.#join(client));
  }

  static async before(databaseUrl: string): Promise<CuttingProxy> {
    const server = createServer();
    const proxy = new CuttingProxy(server, new URL(databaseUrl));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    return url.href;
  }

  /** Once: at the next request that contains the marker. */
  cutNext(cut: Cut, marker: string): void {
    this.#armed = { cut, marker: Buffer.from(marker) };
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(client: Socket): void {
    const server = connect(Number(this.target.port), this.target.hostname);
    let withholding = false;
    const cut = (): void => {
      this.cuts++;
      client.destroy();
      server.destroy();
    };
    client.on('data', (bytes) => {
      if (this.#armed && bytes.includes(this.#armed.marker)) {
        const armed = this.#armed;
        this.#armed = undefined;
        if (armed.cut === 'request') return cut();
        withholding = true;
      }
      server.write(bytes);
    });
    server.on('data', (bytes) => {
      if (!withholding) client.write(bytes);
      else if (bytes.includes(readyAndIdle)) cut();
    });
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
