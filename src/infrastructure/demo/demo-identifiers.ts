import { hasPostOfficeCheckDigits } from '../../domain/identifiers/account-number.js';
import { idNumberKind } from '../../domain/identifiers/id-number.js';
import { isUbn } from '../../domain/identifiers/ubn.js';
import type { SeededRandom } from './seeded-random.js';

/** Valid by every checksum, drawn at random: whether somebody really has such a number, nobody here knows. */
export function madeUpIdNumber(random: SeededRandom): string {
  const letter = random.pick([...'ABCDEFGHJKLMNPQRSTUVXYWZIO']);
  const start = letter + random.pick(['1', '2']) + random.digits(7);
  return withLastDigit(start, (text) => idNumberKind(text) !== null);
}

export function madeUpUbn(random: SeededRandom): string {
  for (;;) {
    const start = random.digits(7);
    const found = [...'0123456789'].map((last) => start + last).find(isUbn);
    if (found !== undefined) return found;
  }
}

/** 局號 and 帳號, each with its check digit. */
export const madeUpPostOfficeAccount = (random: SeededRandom): string =>
  madeUpHalf(random) + madeUpHalf(random);

const madeUpHalf = (random: SeededRandom): string =>
  withLastDigit(random.digits(6), (half) => hasPostOfficeCheckDigits(half + half));

function withLastDigit(text: string, isValid: (text: string) => boolean): string {
  const found = [...'0123456789'].map((last) => text + last).find(isValid);
  if (found !== undefined) return found;
  throw new Error('every ten neighbours hold one valid number');
}
