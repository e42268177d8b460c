import type pg from 'pg';
import { connectClient } from '../../postgres/pool.js';
import { pause } from '../../postgres/connection-loss.js';

/**
 * A notification arrives within a millisecond; should it be lost with its connection, this is the longest
 * delay.
 */
const pollEveryMs = 250;

/**
 * Tells subscribers that the log has grown: by LISTEN, and by asking every now and then for the case that the
 * notification got lost. Works only while somebody subscribes.
 */
export class HeadWatch {
  #subscribers = 0;
  #known = 0n;
  #stop: AbortController | undefined;
  #wakeUps = new Set<() => void>();

  constructor(private readonly url: string, private readonly readHead: () => Promise<bigint>) {}

  join(): void {
    if (this.#subscribers++ > 0) return;
    this.#stop = new AbortController();
    void this.#listen(this.#stop.signal);
    void this.#poll(this.#stop.signal);
  }

  leave(): void {
    if (--this.#subscribers > 0) return;
    this.#stop?.abort();
  }

  /** Resolves when the log is known to reach beyond the position, or the signal aborts. */
  grownBeyond(position: bigint, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#known <= position && !signal.aborted) return;
        this.#wakeUps.delete(check);
        signal.removeEventListener('abort', check);
        resolve();
      };
      this.#wakeUps.add(check);
      signal.addEventListener('abort', check);
      check();
    });
  }

  #learn(head: bigint): void {
    if (head <= this.#known) return;
    this.#known = head;
    for (const check of [...this.#wakeUps]) check();
  }

  async #poll(stop: AbortSignal): Promise<void> {
    for (; !stop.aborted; await pause(pollEveryMs, stop)) {
      // Without a server there is nothing to learn; the next round asks again.
      await this.readHead().then((head) => this.#learn(head), () => undefined);
    }
  }

  async #listen(stop: AbortSignal): Promise<void> {
    for (; !stop.aborted; await pause(pollEveryMs, stop)) {
      await this.#listenOnce(stop).catch(() => undefined);
    }
  }

  /** Returns when the connection ends, whoever ended it. */
  async #listenOnce(stop: AbortSignal): Promise<void> {
    const client = await connectClient(this.url, { applicationName: 'treasury log subscriber' });
    const ended = new Promise<void>((resolve) => client.once('end', () => resolve()));
    client.on('notification', ({ payload }: pg.Notification) => this.#learn(BigInt(payload ?? 0)));
    const end = (): void => void client.end().catch(() => undefined);
    stop.addEventListener('abort', end, { once: true });
    if (stop.aborted) end();
    try {
      await client.query('LISTEN log_appended');
      await ended;
    } finally {
      stop.removeEventListener('abort', end);
      end();
    }
  }
}
