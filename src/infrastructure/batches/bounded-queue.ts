/**
 * Hands items from one who produces them in bursts to one who takes them one by one, and lets neither run
 * away: the producer asks for `room` now and then, and is told when the consumer has failed.
 */
export class BoundedQueue<Item> implements AsyncIterable<Item> {
  private items: Item[] = [];
  private ended = false;
  private failure: Error | undefined;
  private wakeConsumer: () => void = () => undefined;
  private wakeProducer: () => void = () => undefined;

  constructor(private readonly capacity: number) {}

  put(item: Item): void {
    this.items.push(item);
    this.wakeConsumer();
  }

  /** Resolves when fewer than `capacity` items wait. */
  async room(): Promise<void> {
    while (!this.failure && this.items.length >= this.capacity) {
      await new Promise<void>((resolve) => {
        this.wakeProducer = resolve;
      });
    }
    if (this.failure) throw this.failure;
  }

  end(): void {
    this.ended = true;
    this.wakeConsumer();
  }

  /** Called by whoever watches the consumer. */
  fail(failure: Error): void {
    this.failure = failure;
    this.wakeConsumer();
    this.wakeProducer();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    while (!this.failure) {
      const item = this.items.shift();
      if (item !== undefined) {
        this.wakeProducer();
        yield item;
      } else if (this.ended) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.wakeConsumer = resolve;
        });
      }
    }
  }
}
