import type { Counter } from 'prom-client';
import type { Logger } from 'pino';
import { Problem, problemBody, problemType } from '../problem.js';
import type { RefusalReason } from '../../metrics/metrics.js';
import type { RefusalCode } from '../refusals.js';

const codes = {
  'queue-full': 'http/overloaded',
  'uploads-full': 'batch/too-many-uploads',
  'database-unreachable': 'http/database-unreachable',
  'shutdown': 'http/unavailable',
  'deadline': 'http/deadline',
} as const satisfies Record<RefusalReason, RefusalCode>;
export type Reason = RefusalReason;

/** A second is enough for a queue to empty; an upload takes longer. */
const retryAfterSeconds: Record<Reason, string> = {
  'queue-full': '1', 'uploads-full': '10', 'database-unreachable': '1', 'shutdown': '1', 'deadline': '1',
};

/** An answer as it is sent. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

const builtOf = (reason: Reason): Refusal => {
  const { status, body } = problemBody(new Problem(codes[reason]));
  return {
    status, text: JSON.stringify(body),
    headers: {
      'content-type': problemType, 'retry-after': retryAfterSeconds[reason],
      // One that is kept alive would keep the process from ending, and its caller from asking another one.
      ...(reason === 'shutdown' && { connection: 'close' }),
    },
  };
};
const built = new Map<Reason, Refusal>();

/** Built once: who says no a thousand times a second says the same each time. */
export function refusalOf(reason: Reason): Refusal {
  const known = built.get(reason) ?? builtOf(reason);
  built.set(reason, known);
  return known;
}

const tellEveryMs = 1_000;

/** Each one is counted; the log has a line a second for all of them, or it would cost more than they do. */
export class RefusalTally {
  private readonly untold = new Map<Reason, number>();

  constructor(private readonly refused: Counter<'reason'>, private readonly log: Logger) {}

  count(reason: Reason): void {
    this.refused.inc({ reason });
  }

  /** Counted, and told with the others of its second. */
  note(reason: Reason): void {
    this.count(reason);
    if (this.untold.size === 0) setTimeout(() => this.tell(), tellEveryMs).unref();
    this.untold.set(reason, (this.untold.get(reason) ?? 0) + 1);
  }

  private tell(): void {
    for (const [reason, requests] of this.untold) this.log.warn({ reason, requests }, 'requests refused');
    this.untold.clear();
  }
}
