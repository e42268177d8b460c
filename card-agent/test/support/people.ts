import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nhiCardProgram } from '../../src/nhi/nhi-card-program.js';
import type { NhiCardGeneration } from '../../src/nhi/nhi-card-program.js';

interface Vector {
  readonly cardNo: string;
  readonly name: string;
  readonly idNo: string;
  readonly raw57: string;
}

const file = join(__dirname, '..', 'data', 'nhi-card-vectors.json');
const { vectors } = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[] };

/** Made-up people: 陳小明, 林測試 (born 民國 101), and one with a name of ten characters. */
export const people = vectors.map(({ cardNo, name, idNo, raw57 }) =>
  ({ cardNumber: cardNo, name, idNumber: idNo, payload: Buffer.from(raw57, 'hex') }));

const personAt = (at: number) => {
  const person = people[at];
  if (!person) throw new Error('no such person');
  return person;
};

export const ming = personAt(0);
export const lin = personAt(1);
export const longName = personAt(2);

export const cardOf = (person: { payload: Uint8Array }, generation: NhiCardGeneration = 'selects') =>
  nhiCardProgram({ payload: person.payload, status: '1' }, generation);

/** The same card with other bytes from a place on. */
export function altered(from: number, bytes: string | Uint8Array): Buffer {
  const copy = Buffer.from(ming.payload);
  Buffer.from(bytes as string, 'latin1').copy(copy, from);
  return copy;
}
