import type { VerifiedCard } from '../../application/identity/verified-card.js';
import { idNumberKind } from '../../domain/identifiers/id-number.js';
import { parseDate } from '../../domain/roc-date.js';
import { nameOfCard } from './big5-name.js';

/** What the card answers to "read basic data". */
export const cardBytes = 57;

export type CardContent = Omit<VerifiedCard, 'agent'>;

export const cardProblems = [
  'card/wrong-length', 'card/invalid-number', 'card/invalid-name', 'card/invalid-id-number',
  'card/invalid-birth-date', 'card/invalid-sex', 'card/invalid-issue-date', 'card/cancelled',
] as const;
export type CardProblem = (typeof cardProblems)[number];

/**
 * 卡片註銷註記. What its values mean is not public: a card that says nothing, zero or one is taken to be in
 * force, and any other mark to say that it is not.
 */
const inForce: readonly (string | null)[] = [null, '\0', ' ', '0', '1'];

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1');

/** Every field to the byte: what does not fit is refused for the first field that is wrong. */
export function readCard(bytes: Uint8Array, status: string | null): CardContent | CardProblem {
  if (bytes.length !== cardBytes) return 'card/wrong-length';
  if (!inForce.includes(status)) return 'card/cancelled';
  const cardNumber = latin(bytes, 0, 12);
  if (!/^\d{12}$/.test(cardNumber)) return 'card/invalid-number';
  const name = nameOfCard(bytes.subarray(12, 32));
  if (name === null) return 'card/invalid-name';
  const idNumber = latin(bytes, 32, 42);
  if (idNumberKind(idNumber) === null) return 'card/invalid-id-number';
  const birthDate = compactDate(latin(bytes, 42, 49));
  if (birthDate === null) return 'card/invalid-birth-date';
  const sex = latin(bytes, 49, 50);
  if (sex !== 'M' && sex !== 'F') return 'card/invalid-sex';
  const issuedOn = compactDate(latin(bytes, 50, 57));
  if (issuedOn === null) return 'card/invalid-issue-date';
  return { cardNumber, idNumber, name: name.text, isNameComplete: name.isComplete, birthDate, sex, issuedOn };
}

/** 民國 YYYMMDD and no other spelling of a date. */
const compactDate = (text: string): string | null => (/^\d{7}$/.test(text) ? parseDate(text) : null);
