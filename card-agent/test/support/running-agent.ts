import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentKeys } from '../../src/attestation/agent-keys.js';
import type { CardReader } from '../../src/card/card-reader.js';
import { InMemoryReader } from '../../src/card/in-memory-reader.js';
import type { CertificateCards } from '../../src/certificates/certificate-cards.js';
import { Pkcs11CertificateCards } from '../../src/certificates/pkcs11-certificate-cards.js';
import { createAgentServer } from '../../src/http/agent-server.js';
import { Operations } from '../../src/operations.js';

export const portal = 'https://portal.example.gov.tw';
export const nonce = Buffer.alloc(32, 7).toString('base64');

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: Record<string, unknown>;
}

export interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Names and values in turn, in place of `headers`: for what comes twice. */
  readonly rawHeaders?: readonly string[];
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** With every header as given: a browser's fetch would not let a test lie about Origin and Host. */
export function ask(port: number, { method = 'GET', path = '/version', body, signal, ...given }: Ask) {
  return new Promise<Reply>((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false, ...(signal ? { signal } : {}) };
    const headers = given.rawHeaders ?? { Host: `127.0.0.1:${port}`, ...given.headers };
    const outgoing = request({ ...options, headers }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = text !== '' && incoming.headers['content-type']?.startsWith('application/json');
        const json = isJson ? JSON.parse(text) as Record<string, unknown> : {};
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text, json });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export const post = (path: string, content: unknown, origin: string): Ask => ({
  method: 'POST', path, headers: { Origin: origin, 'Content-Type': 'application/json' },
  body: JSON.stringify(content),
});

/** The service as it is, over a reader of the test's choice, with keys of its own. */
export async function startAgent({
  reader = new InMemoryReader() as CardReader, consentMs = 20_000,
  certificates = new Pkcs11CertificateCards(null, '') as CertificateCards,
  allowedOrigins = [portal],
} = {}) {
  const home = mkdtempSync(join(tmpdir(), 'card-agent-test-'));
  const keys = new AgentKeys(join(home, 'keys'));
  const operations = new Operations(consentMs);
  const log: string[] = [];
  const server = createAgentServer({
    reader, keys, operations, certificates, allowedOrigins, log: (line) => log.push(line),
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const own = `http://127.0.0.1:${port}`;
  const agent = {
    port, own, home, keys, operations, log,
    ask: (request: Ask) => ask(port, request),
    attest: (content: unknown = { nonce }) => ask(port, post('/nhi-card', content, portal)),
    pending: async () => {
      for (let tries = 0; tries < 200; tries += 1) {
        const { json } = await ask(port, post('/consent/pending', {}, own));
        const { pending } = json as { pending: { token: string; origin: string } | null };
        if (pending) return pending;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error('nothing is pending');
    },
    decide: (token: string, decision: string) =>
      ask(port, post('/consent/decision', { token, decision }, own)),
    /** What the person does at the consent page. */
    consent: async (decision = 'allow') => agent.decide((await agent.pending()).token, decision),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(home, { recursive: true, force: true });
    },
  };
  return agent;
}

export type RunningAgent = Awaited<ReturnType<typeof startAgent>>;
