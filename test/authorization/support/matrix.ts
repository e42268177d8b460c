import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PrincipalName } from './cast.js';
import { principals } from './cast.js';

export interface MatrixRow {
  readonly route: string;
  readonly of: string;
  readonly answers: Readonly<Record<PrincipalName, string>>;
}

/** The reviewed table, as it is written. */
export function reviewedMatrix(): readonly MatrixRow[] {
  const text = readFileSync(join(process.cwd(), 'test/authorization/matrix.txt'), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map(rowOf);
}

function rowOf(line: string): MatrixRow {
  const [method = '', path = '', of = '', ...cells] = line.split(/\s+/);
  if (cells.length !== principals.length) throw new Error(`${line}: ${principals.length} answers are due`);
  const answers = Object.fromEntries(principals.map((name, i) => [name, cells[i]]));
  return { route: `${method} ${path}`, of, answers: answers as MatrixRow['answers'] };
}

/** Refusals with 403 other than for want of a role, by the word of the table. */
export const wordsForCodes: Readonly<Record<string, string>> = {
  'session/required': 'session', 'account/same-officer': 'self', 'api-credential/companies-only': 'firm',
  'http/foreign-origin': 'page', 'delegation/company-only': 'firm',
  'delegation/person-only': 'human',
};
