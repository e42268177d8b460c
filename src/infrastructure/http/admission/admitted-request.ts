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
  private isAnswered = false;
  private isWorking = false;
  private hasLeft = false;

  constructor(private readonly request: FastifyRequest, private readonly leave: () => void) {}

  answered(): void {
    this.isAnswered = true;
    this.leaveWhenDone();
  }

  /** Ends the waiting of the caller, not the work: that has bounds of its own. */
  giveUp(code: GivenUpFor): void {
    // Whether it was done nobody knows yet; the same key finds out.
    const isSafe = safeMethods.has(this.request.method);
    this.reject?.(new Problem(isSafe ? code : 'command/unknown-outcome', { headers: retryAfter }));
  }

  /** The work's outcome, or the problem for which it is given up. */
  bounded<T>(work: Promise<T>): Promise<T> {
    this.isWorking = true;
    return new Promise<T>((resolve, reject) => {
      this.reject = reject;
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
