import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { Catch, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { PassingTrouble } from '../passing-trouble.js';
import { passingTrouble } from '../passing-trouble.js';
import { Problem, problemBody, problemType } from './problem.js';
import type { RefusalCode } from './refusals.js';

/** What the framework itself refuses. Its own messages may quote input, and are never shown. */
const byStatus: Readonly<Record<number, RefusalCode>> = {
  400: 'http/malformed', 404: 'http/no-such-route', 405: 'http/method-not-allowed', 408: 'http/timeout',
  413: 'http/body-too-large', 414: 'http/uri-too-long', 415: 'http/unsupported-media-type',
  503: 'http/unavailable',
};

const comingAgain = {
  busy: { code: 'command/busy', retryAfter: '1' },
  unreachable: { code: 'http/database-unreachable', retryAfter: '1' },
  full: { code: 'http/database-full', retryAfter: '30' },
} as const satisfies Record<PassingTrouble, { readonly code: RefusalCode; readonly retryAfter: string }>;

/** Methods a path answers to, asked when a route was not found. */
export type MethodsOf = (path: string) => readonly string[];

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger, private readonly methodsOf: MethodsOf) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    this.answer(this.problemOf(thrown, request), reply);
  }

  private answer(problem: Problem, reply: FastifyReply): void {
    const { status, body } = problemBody(problem);
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    // Whoever is told to come again is told when: one that is not comes again at once.
    if (status === 503) reply.header('retry-after', '1');
    reply.status(status).headers(problem.more.headers ?? {}).type(problemType).send(JSON.stringify(body));
  }

  private problemOf(thrown: unknown, request: FastifyRequest): Problem {
    if (thrown instanceof Problem) return thrown;
    const status = statusOf(thrown);
    if (status === 404) return this.noSuchRoute(request);
    const code = status === undefined ? undefined : byStatus[status];
    if (code !== undefined) return new Problem(code);
    if (status !== undefined && status < 500) return new Problem('http/malformed');
    if (request.raw.destroyed && !request.raw.complete) {
      this.log.info({ correlationId: request.id }, 'the client went away before it had sent everything');
      return new Problem('http/malformed');
    }
    const trouble = passingTrouble(thrown);
    if (trouble !== null) return this.comeAgain(trouble, request, thrown);
    this.log.error({ correlationId: request.id, err: thrown }, 'request failed');
    return new Problem('http/internal', { extensions: { correlationId: request.id } });
  }

  private comeAgain(trouble: PassingTrouble, request: FastifyRequest, thrown: unknown): Problem {
    const { code, retryAfter } = comingAgain[trouble];
    // Waiting does not make space: somebody has to.
    const level = trouble === 'full' ? 'error' : 'warn';
    this.log[level]({ correlationId: request.id, err: thrown }, 'request put off');
    return new Problem(code, { headers: { 'retry-after': retryAfter } });
  }

  private noSuchRoute(request: FastifyRequest): Problem {
    const methods = this.methodsOf(request.url.split('?')[0] ?? '');
    if (methods.length === 0) return new Problem('http/no-such-route');
    return new Problem('http/method-not-allowed', { headers: { allow: methods.join(', ') } });
  }
}

function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  const status = (thrown as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}
