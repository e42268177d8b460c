/** What was started, to be stopped in the opposite order; and what the start still waits for. */
export class Running {
  readonly stopping = new AbortController();
  private step: string | null = 'start';
  private readonly stops: (() => Promise<void>)[] = [];

  onStop(stop: () => Promise<void>): void {
    this.stops.push(stop);
  }

  /** What the start is at; told by the readiness until everything is there. */
  begins(step: string): void {
    this.stopping.signal.throwIfAborted();
    this.step = step;
  }

  serves(): void {
    this.step = null;
  }

  get waitsFor(): string | null {
    return this.stopping.signal.aborted ? 'shutdown' : this.step;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    for (const stop of this.stops.reverse()) await stop();
  }
}
