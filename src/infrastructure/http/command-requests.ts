import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHmac, randomUUID } from 'node:crypto';
import type { CommandContext } from '../../application/command-context.js';
import { nameBasedUuid, namespaceOf } from '../../application/name-based-uuid.js';
import { Problem } from './problem.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** On unsafe requests of somebody signed in. */
    commandContext: CommandContext | null;
  }
}

/** Drawn once at random; another one would make every repeated request a new one. */
const commandsNamespace = namespaceOf('6a29ee26-078b-4d1b-921a-644b102ac0c3');
/** Printable ASCII; the quotes of the header's structured form are left as part of the key. */
const keyPattern = /^[\x21-\x7e]{1,255}$/;
const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Gives every unsafe request its command id: the same key from the same caller is the same command, and the
 * same command with other content is refused. Without a key one is made and told, to retry with.
 */
export function useCommandContexts(
  server: FastifyInstance, fingerprintKey: Buffer, now: () => number,
): void {
  server.decorateRequest('commandContext', null);
  server.addHook('preHandler', async (request, reply) => {
    if (safeMethods.has(request.method) || request.principal === null) return;
    request.commandContext = contextOf(request, reply, { fingerprintKey, at: new Date(now()).toISOString() });
  });
}

interface Stamps { readonly fingerprintKey: Buffer; readonly at: string }

function contextOf(
  request: FastifyRequest, reply: FastifyReply, { fingerprintKey, at }: Stamps,
): CommandContext | null {
  const { principal } = request;
  if (principal === null) return null;
  const key = request.headers['idempotency-key'] ?? randomUUID();
  if (typeof key !== 'string' || !keyPattern.test(key)) throw new Problem('http/invalid-idempotency-key');
  reply.header('idempotency-key', key);
  return {
    principal,
    commandId: nameBasedUuid(commandsNamespace, JSON.stringify([principal.id, key])),
    fingerprint: fingerprintOf(request, fingerprintKey),
    at,
    correlationId: request.id,
  };
}

/** Keyed, because what is hashed may be guessed: a body with a name or an account number in it. */
function fingerprintOf({ method, url, body }: FastifyRequest, key: Buffer): string {
  const content = isStreamed(body) ? null : body ?? null;
  return createHmac('sha256', key).update(JSON.stringify([method, url, content])).digest('hex');
}

/** A file's content is not known before it is read; the commands that take files compare its hash. */
const isStreamed = (body: unknown): boolean => typeof body === 'object' && body !== null && 'bytes' in body;

/** The command context of this request, as a controller's argument. */
export const Context = createParamDecorator((_: unknown, execution: ExecutionContext): CommandContext => {
  const { commandContext } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (commandContext === null) throw new Problem('http/unauthenticated');
  return commandContext;
});
