import type { IncomingMessage } from 'node:http';
import { AgentError } from '../agent-error.js';

// A nonce, or a token and a decision, with room to spare: nothing longer is ever asked for.
const maxBodyBytes = 1024;

/** The object in the body, with exactly these fields. One more is a caller that means something else. */
export const readFields = <Name extends string>(request: IncomingMessage, names: readonly Name[]) =>
  readOneOf(request, [names]);

/** The same, with exactly the fields of one of several lists. */
export async function readOneOf<Name extends string>(
  request: IncomingMessage, lists: readonly (readonly Name[])[],
): Promise<Partial<Record<Name, unknown>>> {
  const value = parse(await readBody(request));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new AgentError('input-invalid');
  }
  const given = Object.keys(value);
  const fits = lists.some((names) =>
    given.length === names.length && names.every((name) => given.includes(name)));
  if (!fits) throw new AgentError('input-invalid');
  return value as Partial<Record<Name, unknown>>;
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (!(declared <= maxBodyBytes)) throw new AgentError('body-too-large');
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new AgentError('body-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AgentError('body-not-json');
  }
}
