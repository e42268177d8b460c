import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AgentError } from './agent-error.js';
import type { AgentErrorCode } from './agent-error.js';

export type OperationKind = 'nhi-card';

export interface PendingOperation {
  readonly kind: OperationKind;
  readonly origin: string;
  /** For one decision, by the consent page alone. */
  readonly token: string;
  readonly secondsLeft: number;
}

export type Decision = 'allow' | 'deny';
export type Outcome = 'done' | AgentErrorCode;

interface Waiting {
  readonly kind: OperationKind;
  readonly origin: string;
  readonly token: string;
  readonly deadline: number;
  readonly decide: (decision: Decision) => void;
  readonly outcome: Promise<Outcome>;
}

// Long enough to find the card and put it in; as long as other card components give.
const consentSeconds = 120;

/**
 * One operation at a time, and none without the person's own word. The word is given on a page that the agent
 * serves: the site that asks has no way to it.
 */
export class Operations {
  private busy = false;
  private waiting: Waiting | null = null;

  constructor(private readonly consentMs = consentSeconds * 1000) {}

  /** Asks, waits, works. `caller` aborts when whoever asked has gone: then nobody is left to be answered. */
  async run<T>(kind: OperationKind, origin: string, caller: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.busy) throw new AgentError('operation-in-progress');
    this.busy = true;
    let settle: (outcome: Outcome) => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    try {
      await this.consent({ kind, origin, outcome }, caller);
      const result = await work();
      settle('done');
      return result;
    } catch (error) {
      settle(error instanceof AgentError ? error.code : 'internal');
      throw error;
    } finally {
      this.busy = false;
    }
  }

  pending(): PendingOperation | null {
    if (!this.waiting) return null;
    const { kind, origin, token, deadline } = this.waiting;
    return { kind, origin, token, secondsLeft: Math.max(0, Math.ceil((deadline - Date.now()) / 1000)) };
  }

  /** The token works once. Answers how the operation ended, for the page that showed the question. */
  async decide(token: string, decision: Decision): Promise<Outcome> {
    const { waiting } = this;
    if (!waiting || !equal(token, waiting.token)) throw new AgentError('consent-token-invalid');
    this.waiting = null;
    waiting.decide(decision);
    return await waiting.outcome;
  }

  private consent(
    question: Pick<Waiting, 'kind' | 'origin' | 'outcome'>, caller: AbortSignal,
  ): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const end = (code: AgentErrorCode | null) => {
        clearTimeout(timer);
        caller.removeEventListener('abort', gone);
        this.waiting = null;
        if (code) reject(new AgentError(code));
        else resolve();
      };
      const gone = () => end('caller-gone');
      const timer = setTimeout(() => end('consent-timeout'), this.consentMs);
      caller.addEventListener('abort', gone);
      this.waiting = {
        ...question,
        token: randomBytes(32).toString('base64url'),
        deadline: Date.now() + this.consentMs,
        decide: (decision) => end(decision === 'allow' ? null : 'consent-denied'),
      };
      if (caller.aborted) gone();
    });
  }
}

function equal(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
