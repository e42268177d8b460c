import { StandardSchemaValidationPipe } from '@nestjs/common';
import type { InputError } from './problem.js';
import { Problem } from './problem.js';

/** A body wrong in more places than this is wrong as a whole. */
const maxErrors = 100;

interface Issue {
  readonly message: string;
  readonly code?: string;
  readonly params?: { readonly code?: string };
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[];
}

const textOfPath = ({ path = [] }: Issue): string =>
  path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.');

/** Our own rules name themselves (`params.code`); the schema language's rules have its names. */
const errorOf = (issue: Issue): InputError => ({
  path: textOfPath(issue),
  code: issue.params?.code ?? issue.code ?? 'invalid',
  // The one message that would quote what was sent.
  message: issue.code === 'unrecognized_keys' ? 'Unrecognized key' : issue.message,
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
