import type { RefusalCode } from './refusals.js';
import { refusals } from './refusals.js';

/** One thing wrong with what was sent: where, which rule, and never the value. */
export interface InputError {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

export interface ProblemMore {
  readonly detail?: string;
  readonly errors?: readonly object[];
  /** Further members, such as a batch's id. */
  readonly extensions?: Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Ends a request with a refusal. Thrown at the HTTP edge only: inside, a refusal is a value. */
export class Problem extends Error {
  constructor(readonly code: RefusalCode, readonly more: ProblemMore = {}) {
    super(code);
    this.name = 'Problem';
  }
}

export const problemType = 'application/problem+json; charset=utf-8';

/** RFC 9457. The title is for people, in both languages; programs read `code`. */
export function problemBody({ code, more }: Problem): { status: number; body: object } {
  const { status, zh, en } = refusals[code];
  const { detail, errors, extensions } = more;
  const known = { type: `urn:problem-type:${code}`, title: `${zh} / ${en}`, status, code };
  return { status, body: { ...known, detail, ...extensions, errors } };
}
