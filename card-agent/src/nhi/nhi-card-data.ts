import { AgentError } from '../agent-error.js';
import type { CardName } from './big5-name.js';
import { decodeName } from './big5-name.js';
import { isIdNumber } from './id-number.js';
import { parseRocDate } from './roc-date.js';

/** What the 57 bytes say. A static identifier that anyone who ever read the card has: proof of nothing. */
export interface NhiCardData {
  readonly cardNumber: string;
  readonly name: CardName;
  readonly idNumber: string;
  readonly birthDate: string;
  readonly sex: 'M' | 'F';
  readonly issueDate: string;
}

export const nhiCardDataLength = 57;

/**
 * Strictly: a card that breaks one rule is damaged or no 健保卡, and half a reading must never pass for a
 * person. Dates are seven digits from 42 and 50; samples that circulate start one late and drop the hundreds,
 * which goes unnoticed until somebody is born in 民國 100 or after.
 */
export function parseNhiCardData(bytes: Uint8Array): NhiCardData {
  if (bytes.length !== nhiCardDataLength) throw new AgentError('card-data-invalid');
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  const cardNumber = text(0, 12);
  const name = decodeName(bytes.subarray(12, 32));
  const idNumber = text(32, 42);
  const birthDate = parseRocDate(text(42, 49));
  const sex = text(49, 50);
  const issueDate = parseRocDate(text(50, 57));
  if (!/^\d{12}$/.test(cardNumber) || !isIdNumber(idNumber) || (sex !== 'M' && sex !== 'F')
    || name === null || birthDate === null || issueDate === null) {
    throw new AgentError('card-data-invalid');
  }
  return { cardNumber, name, idNumber, birthDate, sex, issueDate };
}
