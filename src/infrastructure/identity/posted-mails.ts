import type { Logger } from 'pino';
import type { Mails, TicketMail } from '../../application/identity/identity-stores.js';
import type { MailText } from './mail-texts.js';
import { mailText } from './mail-texts.js';

export interface Mail extends MailText { readonly to: string }
export interface MailTransport {
  send(mail: Mail): Promise<void>;
  close(): void;
}

/** A mail server that is restarted is back within these. */
const retryAfterMs = [1_000, 5_000, 25_000];
/** Held in memory: whoever loses one asks for another. */
const mostWaiting = 1_000;

/** One after the other, behind the answers. Logs say what kind of mail and what became of it, not to whom. */
export class PostedMails implements Mails {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private readonly stopping = new AbortController();

  constructor(
    private readonly transport: MailTransport, private readonly publicOrigin: string | null,
    private readonly logger: Logger,
  ) {}

  post(mail: TicketMail): void {
    const { purpose } = mail;
    if (this.waiting >= mostWaiting) {
      this.logger.error({ mail: purpose }, 'mail dropped: too many wait');
      return;
    }
    this.waiting++;
    const composed = { to: mail.to, ...mailText(mail, this.publicOrigin) };
    this.last = this.last.then(() => this.deliver(composed, purpose)).finally(() => { this.waiting--; });
  }

  /** What is under way is sent; who waits longer than that asks for another. */
  async close(): Promise<void> {
    this.stopping.abort();
    await this.last;
    this.transport.close();
  }

  private async deliver(mail: Mail, purpose: string): Promise<void> {
    for (const [attempt, pauseMs] of [...retryAfterMs, null].entries()) {
      try {
        await this.transport.send(mail);
        return this.logger.info({ mail: purpose, attempt }, 'mail sent');
      } catch (error) {
        this.logger.warn({ mail: purpose, attempt, err: error }, 'mail not sent');
      }
      if (pauseMs === null || this.stopping.signal.aborted) break;
      await pause(pauseMs, this.stopping.signal);
    }
    this.logger.error({ mail: purpose }, 'mail given up');
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => new Promise((resolve) => {
  const done = (): void => {
    clearTimeout(timer);
    resolve();
  };
  const timer = setTimeout(done, ms);
  signal.addEventListener('abort', done, { once: true });
});
