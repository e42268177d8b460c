import type { Server } from 'node:http';
import { portCount } from '../settings.js';

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * On 127.0.0.1 and ::1 and nowhere else. Both on the same port, or the next one: were ::1 left to another
 * program, `localhost` would lead to it. Where the machine has no IPv6, 127.0.0.1 is all there is.
 */
export async function listenOnLoopback(create: () => Server, firstPort: number): Promise<Listening> {
  for (let port = firstPort; port < firstPort + portCount; port += 1) {
    const servers = await listenOn(create, port);
    if (servers) return { port, close: () => closeAll(servers) };
  }
  throw new Error(`埠 ${firstPort}–${firstPort + portCount - 1} 都已被占用。 All of these ports are taken.`);
}

async function listenOn(create: () => Server, port: number): Promise<Server[] | null> {
  const servers: Server[] = [];
  for (const host of ['127.0.0.1', '::1']) {
    const server = create();
    const failure = await listen(server, host, port);
    if (failure === null) servers.push(server);
    else if (failure === 'EADDRINUSE' || failure === 'EACCES') {
      await closeAll(servers);
      return null;
    } else if (host === '127.0.0.1') throw new Error(`127.0.0.1:${port}: ${failure}`);
  }
  return servers;
}

function listen(server: Server, host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ host, port, exclusive: true }, () => resolve(null));
  });
}

async function closeAll(servers: Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  })));
}
