export interface GateLimits {
  readonly inWork: number;
  readonly queued: number;
}

/**
 * Lets a bounded number in at once and a bounded number wait, in the order they came. Whoever finds both full
 * is told so at once: a queue that grows without bound answers everybody too late and then dies.
 */
export class Gate {
  private inside = 0;
  private readonly queue = new Set<() => void>();

  constructor(private readonly limits: GateLimits) {}

  get inWork(): number {
    return this.inside;
  }

  get queued(): number {
    return this.queue.size;
  }

  get isFull(): boolean {
    return this.inside >= this.limits.inWork && this.queue.size >= this.limits.queued;
  }

  /** `full`: nobody was let in. `gone`: the caller gave up waiting. Who has `entered` must `leave` once. */
  async enter(whenGone: (gone: () => void) => void): Promise<'entered' | 'full' | 'gone'> {
    if (this.inside < this.limits.inWork) {
      this.inside++;
      return 'entered';
    }
    if (this.isFull) return 'full';
    return new Promise((resolve) => {
      const enter = (): void => resolve('entered');
      this.queue.add(enter);
      whenGone(() => { if (this.queue.delete(enter)) resolve('gone'); });
    });
  }

  /** The place goes straight to whoever waits longest. */
  leave(): void {
    const [next] = this.queue;
    if (next === undefined) {
      this.inside--;
      return;
    }
    this.queue.delete(next);
    next();
  }
}
