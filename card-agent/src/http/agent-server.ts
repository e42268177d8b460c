import { randomBytes } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { AgentError } from '../agent-error.js';
import { appVersion, version } from '../release.js';
import type { AgentParts } from './agent-parts.js';
import { readFields } from './body.js';
import { consentPage } from './consent-page.js';
import type { Admission, House } from './gate.js';
import { admit } from './gate.js';
import { sendError, sendJson, sendPage, sendPreflight } from './reply.js';
import { routes } from './routes.js';
import { attestNhiCard, decide, signWithCertificate } from './site-operations.js';

/** Limits of a service that one person's browser uses. */
const limits = {
  // Browsers send one or two KB of headers; cookies of localhost may add some.
  maxHeaderSize: 8192,
  // From the same machine a request is there at once. Slower is someone holding places.
  headersTimeout: 5000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000,
  keepAliveTimeout: 5000,
};
// A browser opens at most six connections to a host; a few pages may be open.
const maxConnections = 32;

export function createAgentServer(parts: AgentParts): Server {
  const server = createServer(limits, (request, response) => {
    const address = server.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    void serve(request, response, { parts, house: { port, allowedOrigins: parts.allowedOrigins } });
  });
  server.maxConnections = maxConnections;
  return server;
}

interface Desk {
  readonly parts: AgentParts;
  readonly house: House;
}

async function serve(request: IncomingMessage, response: ServerResponse, desk: Desk): Promise<void> {
  let admission: Admission | null = null;
  try {
    admission = admit(request, desk.house);
    const { path, origin } = admission;
    if (request.method === 'OPTIONS') sendPreflight(response, routes[path], origin ?? '');
    else await handle(request, response, { ...desk, admission });
  } catch (error) {
    if (!(error instanceof AgentError)) desk.parts.log('internal');
    if (!response.headersSent) sendError(response, error, admission?.origin ?? null);
    else response.destroy();
  }
}

interface Visit extends Desk {
  readonly admission: Admission;
}

async function handle(request: IncomingMessage, response: ServerResponse, visit: Visit): Promise<void> {
  const { parts, admission: { path, origin } } = visit;
  const asked = { parts, origin: origin ?? '', request, response };
  switch (path) {
    case '/version':
      sendJson(response, 200, { name: 'treasury-card-agent', version, appVersion }, origin);
      return;
    case '/status':
      sendJson(response, 200, await statusOf(parts), origin);
      return;
    case '/nhi-card':
      sendJson(response, 200, await attestNhiCard(asked), origin);
      return;
    case '/certificate-signature':
      sendJson(response, 200, await signWithCertificate(asked), origin);
      return;
    case '/consent': {
      const nonce = randomBytes(16).toString('base64');
      sendPage(response, consentPage(nonce), nonce);
      return;
    }
    case '/consent/pending':
      await readFields(request, []);
      sendJson(response, 200, { pending: parts.operations.pending(), ...await readersOf(parts) }, null);
      return;
    case '/consent/decision':
      sendJson(response, 200, await decide(request, parts), null);
  }
}

/** Readers and whether something is in them. Not what: that is asked for, and the person says yes first. */
async function statusOf({ reader }: AgentParts) {
  return { reader: reader.kind, readers: await reader.statuses() };
}

async function readersOf({ reader }: AgentParts) {
  try {
    return { readers: await reader.statuses() };
  } catch (error) {
    // The consent page shows the question all the same; the reading will say what is wrong.
    if (error instanceof AgentError) return { readers: [] };
    throw error;
  }
}
