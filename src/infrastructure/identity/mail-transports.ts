import { createTransport } from 'nodemailer';
import type { Mail, MailTransport } from './posted-mails.js';

const connectMs = 5_000;
const silenceMs = 10_000;
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Beyond this machine only over TLS: a ticket read on the way is a ticket used by somebody else. */
export class SmtpTransport implements MailTransport {
  private readonly transport;

  constructor(url: string, private readonly from: string) {
    this.transport = createTransport({
      url, connectionTimeout: connectMs, greetingTimeout: connectMs, socketTimeout: silenceMs,
      requireTLS: !loopback.has(new URL(url).hostname), disableFileAccess: true, disableUrlAccess: true,
    });
  }

  async send({ to, subject, text }: Mail): Promise<void> {
    await this.transport.sendMail({ from: this.from, to, subject, text });
  }

  close(): void {
    this.transport.close();
  }
}

/** Says that nobody gets mail here, once per mail, where no server was configured. */
export class NoMailTransport implements MailTransport {
  async send(): Promise<void> {
    throw new Error('SMTP_URL is not set');
  }

  close(): void {
    return undefined;
  }
}

export interface KeptMail extends Mail { readonly at: string }
const kept = 100;

/** Mails of the demo, which reach nobody: the last hundred, for everybody to read. */
export class DemoMailbox implements MailTransport {
  private mails: readonly KeptMail[] = [];

  constructor(private readonly now: () => number) {}

  async send(mail: Mail): Promise<void> {
    this.mails = [{ ...mail, at: new Date(this.now()).toISOString() }, ...this.mails].slice(0, kept);
  }

  /** The latest first. */
  all(): readonly KeptMail[] {
    return this.mails;
  }

  close(): void {
    this.mails = [];
  }
}
