import type { ExecutionContext } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Principal } from '../../application/command-context.js';
import { Problem } from './problem.js';

const callerOf = (execution: ExecutionContext): Principal => {
  const { principal } = execution.switchToHttp().getRequest<FastifyRequest>();
  if (principal === null) throw new Problem('http/unauthenticated');
  return principal;
};

/** Who asks, as a controller's argument. */
export const Caller = createParamDecorator((_: unknown, execution: ExecutionContext) => callerOf(execution));

/** The record of the payee who asks. A role without a record of one's own opens nobody's. */
export const OwnApplicantId = createParamDecorator((_: unknown, execution: ExecutionContext): string => {
  const { applicantId } = callerOf(execution);
  if (applicantId === undefined) throw new Problem('http/forbidden');
  return applicantId;
});
