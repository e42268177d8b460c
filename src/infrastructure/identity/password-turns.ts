/** A few at once, a few waiting, and the next one is told to come again before anything is done for it. */
export class PasswordTurns {
  private inWork = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly most: { readonly inWork: number; readonly waiting: number }) {}

  /** Whoever comes now would be told to come again. */
  get isFull(): boolean {
    return this.inWork >= this.most.inWork && this.waiting.length >= this.most.waiting;
  }

  async take<T>(work: () => Promise<T>): Promise<T | null> {
    if (this.isFull) return null;
    if (this.inWork >= this.most.inWork) {
      await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    } else {
      this.inWork++;
    }
    try {
      return await work();
    } finally {
      // The turn goes to the next one without being given back in between.
      const next = this.waiting.shift();
      if (next) next();
      else this.inWork--;
    }
  }
}
