import type { FastifyInstance } from 'fastify';
import { createHash } from 'node:crypto';
import { declareRoute } from './route-config.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    etag?: boolean;
  }
}

/** For public answers that many ask for again and again and that seldom change. */
export const Etagged = (): MethodDecorator => declareRoute({ etag: true });

/** The tag is a hash of the answer, so it holds across processes; what is saved is the transfer. */
export function useEtags(server: FastifyInstance): void {
  server.addHook('onSend', async (request, reply, payload) => {
    if (!request.routeOptions.config.etag || reply.statusCode !== 200) return payload;
    if (typeof payload !== 'string' && !Buffer.isBuffer(payload)) return payload;
    const tag = `"${createHash('sha256').update(payload).digest('base64url').slice(0, 22)}"`;
    reply.header('etag', tag);
    if (!tagsOf(request.headers['if-none-match']).includes(tag)) return payload;
    reply.code(304).removeHeader('content-type').removeHeader('content-length');
    return '';
  });
}

/** Proxies that compress mark a tag as weak; it still names the same answer. */
const tagsOf = (header: string | undefined): readonly string[] =>
  (header ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
