import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Counter } from 'prom-client';
import type { Logger } from 'pino';
import { declareRoute } from '../route-config.js';
import type { GivenUpFor } from './admitted-request.js';
import { AdmittedRequest } from './admitted-request.js';
import { hasBody, isBodyMissing, withinTime } from './arriving-body.js';
import { Doorstep, isUpload } from './doorstep.js';
import { Gate } from './gate.js';
import type { Reason, Refusal } from './refusal.js';
import { RefusalTally, refusalOf } from './refusal.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    neverRefused?: boolean;
  }
  interface FastifyRequest {
    admitted: AdmittedRequest | null;
    /** Told 503 before any work. */
    isTurnedAway: boolean;
  }
}

/** For probes: a busy process that is taken for a dead one gets killed, and the others get its load. */
export const NeverRefused = (): MethodDecorator => declareRoute({ neverRefused: true });

export interface AdmissionLimits {
  readonly requestsInWork: number;
  readonly requestsQueued: number;
  readonly uploadsInWork: number;
  /** From a request's first line until its answer, whatever of it is waited for. Not for files. */
  readonly deadlineMs: number;
}

/** Where it says whom it refused. */
export interface AdmissionReports {
  readonly metrics: { readonly requestsRefused: Counter<'reason'> };
  readonly logger: Logger;
}

/** Whether the way to the database is open, and word of it when it is cut. */
export interface Link {
  readonly isUp: boolean;
  onLost(listener: () => void): void;
}

/**
 * Who is let in, for how long, and what the others are told before any work is done or memory taken. First of
 * all hooks: what is refused here has cost next to nothing.
 */
export class Admission {
  readonly requests: Gate;
  readonly uploads: Gate;
  private readonly admitted = new Set<AdmittedRequest>();
  private readonly tally: RefusalTally;
  readonly doorstep = new Doorstep(() => this.refusalOfAll());
  private isClosing = false;

  constructor(
    private readonly limits: AdmissionLimits,
    private readonly link: Link,
    { metrics, logger }: AdmissionReports,
  ) {
    this.tally = new RefusalTally(metrics.requestsRefused, logger);
    this.requests = new Gate({ inWork: limits.requestsInWork, queued: limits.requestsQueued });
    // Who waits with a file in hand holds its first pieces in memory: none waits.
    this.uploads = new Gate({ inWork: limits.uploadsInWork, queued: 0 });
    link.onLost(() => this.giveUpAll('http/database-unreachable'));
  }

  /** From now on nobody is let in; who is inside is answered. */
  close(): void {
    this.isClosing = true;
  }

  guard(server: FastifyInstance): void {
    this.doorstep.watch(server);
    server.decorateRequest('admitted', null);
    server.decorateRequest('isTurnedAway', false);
    server.addHook('onRequest', async (request, reply) => this.letIn(request, reply));
    // While a body comes at its sender's pace there is nothing to work on: it holds no place meanwhile, or a
    // few who never send theirs would keep everybody out.
    server.addHook('preParsing', async (request, reply, payload) => {
      if (!hasBody(request) || isUploadRoute(request)) return payload;
      request.admitted?.stepOut();
      request.admitted = null;
      return withinTime(payload, this.timeLeft(reply));
    });
    server.addHook('preValidation', async (request, reply) =>
      request.admitted === null ? this.letIn(request, reply) : undefined);
    // Answered while the service stops: a connection kept alive would keep the process from ending. And while
    // a body is still to come: it would be received to its end only to be thrown away.
    server.addHook('onSend', async (request, reply) => {
      if (this.isClosing || isBodyMissing(request.raw)) reply.header('connection', 'close');
    });
    server.addHook('onResponse', async ({ admitted }) => admitted?.answered());
  }

  private async letIn(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    if (request.is404 || request.routeOptions.config.neverRefused) return undefined;
    const reason = await this.reasonToRefuse(request, reply);
    if (reason === null) return undefined;
    request.isTurnedAway = true;
    this.tally.note(reason);
    const { status, headers, text } = refusalOf(reason);
    return reply.status(status).headers(headers).send(text);
  }

  /** While nobody can be let in, there is no need to look at who asks. */
  private refusalOfAll(): Refusal | null {
    if (!this.requests.isFull) return null;
    const reason = this.reasonToRefuseAll() ?? 'queue-full';
    this.tally.note(reason);
    return refusalOf(reason);
  }

  private reasonToRefuseAll(): Reason | null {
    if (this.isClosing) return 'shutdown';
    return this.link.isUp ? null : 'database-unreachable';
  }

  private async reasonToRefuse(request: FastifyRequest, reply: FastifyReply): Promise<Reason | null> {
    const ofAll = this.reasonToRefuseAll();
    if (ofAll !== null) return ofAll;
    const isUpload = isUploadRoute(request);
    const gate = isUpload ? this.uploads : this.requests;
    switch (await gate.enter((tired) => this.whenTired(reply, tired))) {
      case 'full': return isUpload ? 'uploads-full' : 'queue-full';
      case 'gone': return 'deadline';
      case 'entered': this.admit(request, reply, gate);
    }
    return null;
  }

  /** Who has gone while waiting is answered as one who has waited too long; nobody hears it. */
  private whenTired(reply: FastifyReply, tired: () => void): void {
    const deadline = setTimeout(tired, this.timeLeft(reply)).unref();
    reply.raw.once('close', () => {
      clearTimeout(deadline);
      tired();
    });
  }

  /** One deadline for the turn, the body and the work together. */
  private timeLeft(reply: FastifyReply): number {
    return Math.max(0, this.limits.deadlineMs - reply.elapsedTime);
  }

  private admit(request: FastifyRequest, reply: FastifyReply, gate: Gate): void {
    const admitted = new AdmittedRequest(request, () => {
      this.admitted.delete(admitted);
      clearTimeout(deadline);
      gate.leave();
    });
    const deadline = isUploadRoute(request) ? undefined : setTimeout(() => {
      this.tally.count('deadline');
      admitted.giveUp('http/deadline');
    }, this.timeLeft(reply)).unref();
    this.admitted.add(admitted);
    request.admitted = admitted;
    // A client that goes away is never answered: there is no 'finish' then, and no onResponse.
    if (reply.raw.destroyed) admitted.answered();
    else reply.raw.once('close', () => admitted.answered());
  }

  private giveUpAll(code: GivenUpFor): void {
    for (const request of this.admitted) request.giveUp(code);
  }
}

const isUploadRoute = ({ routeOptions: { config } }: FastifyRequest): boolean => isUpload(config);

/** Work of a request outside its controller, under the same bounds. */
export const bounded = <T>({ admitted }: FastifyRequest, work: Promise<T>): Promise<T> =>
  admitted === null ? work : admitted.bounded(work);
