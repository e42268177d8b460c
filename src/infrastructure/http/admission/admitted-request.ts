import type { FastifyRequest } from 'fastify';
import { Problem } from '../problem.js';
import type { RefusalCode } from '../refusals.js';

export type GivenUpFor = Extract<RefusalCode, 'http/deadline' | 'http/database-unreachable'>;

const retryAfter = { 'retry-after': '1' };
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A request that was let in. It keeps its place until its answer is sent and its work has come to an end:
 * a caller who has gone, or was told to come again, does not make room while the work goes on.
 */
export class AdmittedRequest {
  private reject: ((reason: Problem) => void) | null = null;
  private givenUp: Problem | null = null;
  private isAnswered = false;
  private isWorking = false;
  private hasLeft = false;

  constructor(private readonly request: FastifyRequest, private readonly leave: () => void) {}

  answered(): void {
    this.isAnswered = true;
    this.leaveWhenDone();
  }

  /** Its body has yet to come: what was worked on so far has come to an end. */
  stepOut(): void {
    this.isAnswered = true;
    this.leaveWhenDone();
  }

  /** Ends the waiting of the caller, not the work: that has bounds of its own. */
  giveUp(code: GivenUpFor): void {
    // Whether it was done nobody knows yet; the same key finds out.
    const isSafe = safeMethods.has(this.request.method);
    this.givenUp = new Problem(isSafe ? code : 'command/unknown-outcome', { headers: retryAfter });
    this.reject?.(this.givenUp);
  }

  /** The work's outcome, or the problem for which it is given up. */
  bounded<T>(work: Promise<T>): Promise<T> {
    this.isWorking = true;
    return new Promise<T>((resolve, reject) => {
      this.reject = reject;
      // Between two pieces of work nobody waits who could be told: the next one is told.
      if (this.givenUp !== null) reject(this.givenUp);
      work.then(resolve, reject).finally(() => {
        this.isWorking = false;
        this.reject = null;
        this.leaveWhenDone();
      });
    });
  }

  private leaveWhenDone(): void {
    if (!this.isAnswered || this.isWorking || this.hasLeft) return;
    this.hasLeft = true;
    this.leave();
  }
}
