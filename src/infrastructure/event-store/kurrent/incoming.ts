import type { ReadResp } from '@eventstore/db-client/generated/streams_pb.js';

/**
 * The part of a gRPC call we use; the call buffers a few messages, and the server waits while nobody takes
 * them.
 */
export interface ReadCall {
  read(): ReadResp | null;
  cancel(): void;
  on(event: 'readable' | 'end', listener: () => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
}

/**
 * The messages of one call, one at a time. Unlike an iterator it can tell that at the moment there is none.
 */
export class Incoming {
  #ended = false;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(private readonly call: ReadCall) {
    call.on('readable', () => this.#wake());
    call.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
    call.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
  }

  /** `quiet`: nothing came within the time. `ended`: nothing will come any more. */
  async next(withinMs: number): Promise<ReadResp | 'quiet' | 'ended'> {
    for (;;) {
      const message = this.call.read();
      if (message !== null) return message;
      if (this.#failure) throw this.#failure;
      if (this.#ended) return 'ended';
      if (!await this.#woken(withinMs)) return 'quiet';
    }
  }

  /** The server stops; a caller waiting in `next` gets the cancellation as a failure. */
  cancel(): void {
    this.call.cancel();
  }

  #woken(withinMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), withinMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
