import { Socket } from 'node:net';

/** The sockets of this process to each database, so that all can be given up at once when the way is cut. */
const open = new Map<string, Set<Socket>>();

/** For `pg` to connect by. */
export function socketTo(url: string): Socket {
  const socket = new Socket();
  const sockets = open.get(url) ?? new Set();
  open.set(url, sockets.add(socket));
  socket.once('close', () => {
    sockets.delete(socket);
    if (sockets.size === 0 && open.get(url) === sockets) open.delete(url);
  });
  return socket;
}

export const socketsTo = (url: string): ReadonlySet<Socket> => open.get(url) ?? new Set();
