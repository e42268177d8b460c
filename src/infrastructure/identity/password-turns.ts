export interface TurnLimits {
  readonly inWork: number;
  readonly waiting: number;
  /** For so many times as long as a turn took, the next one waits. */
  readonly rest?: number;
}

/** A few at once, a few waiting, and the next one is told to come again before anything is done for it. */
export class PasswordTurns {
  private inWork = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: TurnLimits) {}

  /** Whoever comes now would be told to come again. */
  get isFull(): boolean {
    return this.inWork >= this.most.inWork && this.waiting.length >= this.most.waiting;
  }

  /** In work, resting and waiting. */
  get taken(): number {
    return this.inWork + this.waiting.length;
  }

  async take<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.isFull) return null;
    if (this.inWork >= this.most.inWork) {
      await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    } else {
      this.inWork++;
    }
    const began = performance.now();
    try {
      return await work();
    } finally {
      // Nobody waits for the rest of their own turn; less than a millisecond is none.
      const restMs = (performance.now() - began) * (this.most.rest ?? 0);
      if (restMs < 1) this.passOn();
      else setTimeout(() => this.passOn(), restMs).unref();
    }
  }

  /** The turn goes to the next one without being given back in between. */
  private passOn(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.inWork--;
  }
}
