import type pg from 'pg';
import type { Socket } from 'node:net';
import { pause } from './connection-loss.js';
import { socketsTo } from './open-sockets.js';
import { connectClient } from './pool.js';

/**
 * Together 1.5 s: a caller has its answer within 2.5 s of a cut. Counted in turns of the event loop and not
 * by the clock: a process that was busy for two seconds has not looked, and must not blame the network.
 */
const tickMs = 100;
const ticksUntilLost = 15;
const probeEveryMs = 250;
/** A lost packet of the connection's first is sent again after a second; a new attempt is as good. */
const probeConnectMs = 1_000;

/**
 * Whether the database can be reached. A network that swallows packets, or a server that hangs, tells nobody:
 * every query of the process would wait for its own long timeout. When nothing at all has come from the
 * database for a while, all connections to it are given up at once, and who waits is told.
 */
export class DatabaseLink {
  private isReachable = true;
  private silentTicks = 0;
  private readonly heard = new WeakMap<Socket, number>();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly url: string) {}

  get isUp(): boolean {
    return this.isReachable;
  }

  /** Called each time the way is found cut. */
  onLost(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** Until the signal. */
  async watch(signal: AbortSignal): Promise<void> {
    const probing = this.probe(signal);
    for (; !signal.aborted; await pause(tickMs, signal)) this.tick();
    await probing;
  }

  private tick(): void {
    this.silentTicks = this.heardSomething() ? 0 : this.silentTicks + 1;
    if (this.silentTicks < ticksUntilLost) return;
    this.silentTicks = 0;
    const wasReachable = this.isReachable;
    this.isReachable = false;
    for (const socket of socketsTo(this.url)) socket.destroy(new Error('the database does not answer'));
    if (wasReachable) for (const listener of this.listeners) listener();
  }

  private heardSomething(): boolean {
    let heard = false;
    for (const socket of socketsTo(this.url)) {
      if (socket.bytesRead > (this.heard.get(socket) ?? 0)) heard = true;
      this.heard.set(socket, socket.bytesRead);
    }
    return heard;
  }

  private async probe(signal: AbortSignal): Promise<void> {
    let client: pg.Client | undefined;
    for (; !signal.aborted; await pause(probeEveryMs, signal)) {
      try {
        client ??= await connectClient(this.url, {
          applicationName: 'treasury link watch', connectTimeoutMs: probeConnectMs,
        });
        await client.query('SELECT 1');
        this.isReachable = true;
      } catch {
        client?.end().catch(() => undefined);
        client = undefined;
      }
    }
    await client?.end().catch(() => undefined);
  }
}
