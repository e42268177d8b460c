import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AgentError } from './agent-error.js';
import type { AgentErrorCode } from './agent-error.js';

export type OperationKind = 'nhi-card' | 'certificate-signature';

/** A certificate to choose from, as the person sees it. */
export interface Choice {
  readonly id: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validTo: string;
}

export interface Question {
  readonly kind: OperationKind;
  readonly origin: string;
  /** To sign with; none for a card that is only read. */
  readonly choices: readonly Choice[];
}

/** With which certificate, and its PIN: typed on the agent's own page and nowhere else. */
export interface Chosen {
  readonly certificate: string;
  readonly pin: string;
}

export interface PendingOperation extends Question {
  /** For one decision, by the consent page alone. */
  readonly token: string;
  readonly secondsLeft: number;
}

/** `allow` comes with the choice where there is one to make. */
export type Decision = { readonly allow: false } | { readonly allow: true; readonly chosen: Chosen | null };
export type Outcome = 'done' | AgentErrorCode;

interface Waiting {
  readonly question: Question;
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
  async run<T>(
    ask: () => Promise<Question>, caller: AbortSignal, work: (chosen: Chosen | null) => Promise<T>,
  ): Promise<T> {
    if (this.busy) throw new AgentError('operation-in-progress');
    this.busy = true;
    let settle: (outcome: Outcome) => void = () => undefined;
    const outcome = new Promise<Outcome>((resolve) => {
      settle = resolve;
    });
    try {
      const chosen = await this.consent(await ask(), outcome, caller);
      const result = await work(chosen);
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
    const { question, token, deadline } = this.waiting;
    return { ...question, token, secondsLeft: Math.max(0, Math.ceil((deadline - Date.now()) / 1000)) };
  }

  /** The token works once. Answers how the operation ended, for the page that showed the question. */
  async decide(token: string, decision: Decision): Promise<Outcome> {
    const { waiting } = this;
    if (!waiting || !equal(token, waiting.token)) throw new AgentError('consent-token-invalid');
    if (!fits(decision, waiting.question)) throw new AgentError('input-invalid');
    this.waiting = null;
    waiting.decide(decision);
    return await waiting.outcome;
  }

  private consent(
    question: Question, outcome: Promise<Outcome>, caller: AbortSignal,
  ): Promise<Chosen | null> {
    return new Promise((resolve, reject) => {
      const end = (then: () => void) => {
        clearTimeout(timer);
        caller.removeEventListener('abort', gone);
        this.waiting = null;
        then();
      };
      const fail = (code: AgentErrorCode) => end(() => reject(new AgentError(code)));
      const gone = () => fail('caller-gone');
      const timer = setTimeout(() => fail('consent-timeout'), this.consentMs);
      caller.addEventListener('abort', gone);
      this.waiting = {
        question, outcome,
        token: randomBytes(32).toString('base64url'),
        deadline: Date.now() + this.consentMs,
        decide: (decision) => {
          if (decision.allow) end(() => resolve(decision.chosen));
          else fail('consent-denied');
        },
      };
      if (caller.aborted) gone();
    });
  }
}

/** A choice where there is one to make, and one of those that were offered. */
function fits(decision: Decision, { choices }: Question): boolean {
  if (!decision.allow) return true;
  if (choices.length === 0) return decision.chosen === null;
  return choices.some(({ id }) => id === decision.chosen?.certificate);
}

function equal(given: string, wanted: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(wanted)];
  return one.length === other.length && timingSafeEqual(one, other);
}
