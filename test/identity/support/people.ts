import { idNumberKind } from '../../../src/domain/identifiers/id-number.js';
import type { Registrant } from './registering.js';

/** Another made-up person each time, whose numbers are valid by every checksum. */
export function somebody(number: number): Registrant {
  const start = `A1${String(number).padStart(7, '0')}`;
  const idNumber = [...'0123456789'].map((last) => start + last).find((text) => idNumberKind(text) !== null);
  if (idNumber === undefined) throw new Error('every ten neighbours hold one valid number');
  const cardNumber = String(100_000_000_000 + number);
  return {
    card: { cardNumber, name: '測試公民', idNumber, birth: '0790101', sex: 'M', issued: '1080531' },
    email: `somebody-${number}@example.org`,
  };
}
