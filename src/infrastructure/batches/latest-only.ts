/**
 * Writes down how far something has come, one write at a time: what is overtaken meanwhile is never written.
 */
export class LatestOnly<Value> {
  private waiting: { readonly value: Value } | null = null;
  private writing: Promise<void> | null = null;
  private failure: Error | undefined;

  constructor(private readonly write: (value: Value) => Promise<void>) {}

  offer(value: Value): void {
    this.waiting = { value };
    this.writing ??= this.writeAll();
  }

  /** Resolves when the last value offered is written; rejects if any write failed. */
  async settled(): Promise<void> {
    await this.writing;
    if (this.failure) throw this.failure;
  }

  private async writeAll(): Promise<void> {
    try {
      while (this.waiting) {
        const { value } = this.waiting;
        this.waiting = null;
        await this.write(value);
      }
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
    } finally {
      this.writing = null;
    }
  }
}
