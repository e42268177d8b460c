import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  readonly source: string;
  readonly text: string;
}

/** A mail server as others run them: mails reach it by SMTP, over a socket. */
export interface MailServer {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** The next one to this address beyond those seen before. */
  next(to: string): Promise<ReceivedMail>;
  close(): Promise<void>;
}

const longestWaitMs = 10_000;

export async function startMailServer(): Promise<MailServer> {
  const mails: ReceivedMail[] = [];
  const seen = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const source = Buffer.concat(chunks).toString();
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ to, source, text: textOf(source) });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`, mails,
    next: async (to) => {
      const until = Date.now() + longestWaitMs;
      for (;;) {
        const own = mails.filter((mail) => mail.to.includes(to));
        const count = seen.get(to) ?? 0;
        const found = own[count];
        if (found) {
          seen.set(to, count + 1);
          return found;
        }
        if (Date.now() > until) throw new Error(`no mail to ${to}`);
        await new Promise((resolve) => { setTimeout(resolve, 5); });
      }
    },
    close: () => new Promise((resolve) => { server.close(() => resolve()); }),
  };
}

function textOf(source: string): string {
  const [head = '', ...body] = source.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/^content-transfer-encoding: base64$/im.test(head)) return Buffer.from(text, 'base64').toString();
  if (!/^content-transfer-encoding: quoted-printable$/im.test(head)) return text;
  const bytes = text.replaceAll('=\r\n', '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => `%${hex}`);
  return decodeURIComponent(bytes.replace(/%(?![0-9A-F]{2})/g, '%25'));
}

export const ticketIn = ({ text }: ReceivedMail): string => {
  const ticket = /ticket: ([A-Za-z0-9_-]{43})/.exec(text)?.[1];
  if (ticket === undefined) throw new Error(`no ticket in: ${text}`);
  return ticket;
};
