import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { Issue } from './input-messages.js';
import { messageOf } from './input-messages.js';
import type { InputError } from './problem.js';
import { Problem } from './problem.js';

/** A body wrong in more places than this is wrong as a whole. */
const maxErrors = 100;

const textOfPath = ({ path = [] }: Issue): string =>
  path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');

/** Our own rules name themselves (`params.code`); the schema language's rules have its names. */
const errorOf = (issue: Issue): InputError => ({
  path: textOfPath(issue),
  code: issue.params?.code ?? issue.code ?? 'invalid',
  message: messageOf(issue),
});

/**
 * The framework validates nothing without this pipe. It applies the schema given to @Body, @Query and @Param,
 * and hands the controller what the schema made of the input.
 */
export const validationPipe = (): StandardSchemaValidationPipe => new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const errors = (issues as readonly Issue[]).slice(0, maxErrors).map(errorOf);
    return new Problem('http/invalid-input', { errors });
  },
});
