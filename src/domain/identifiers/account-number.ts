import { isDigits, weightedSum } from './digits.js';

/** Field width in Taiwan's clearing; shorter numbers are padded with zeros on the left. */
export const accountNumberWidth = 14;

/** 郵政存簿儲金: 局號 and 帳號, seven digits each, each with a check digit of its own. */
export const postOfficeSavings = '7000021';

const halfWeights = [2, 3, 4, 5, 6, 7];

export const isAccountNumber = (text: string): boolean => isDigits(text, 1, accountNumberWidth);

export const paddedAccountNumber = (accountNumber: string): string =>
  accountNumber.padStart(accountNumberWidth, '0');

/** What two accounts are compared and joined by, however their leading zeros were written: 21 digits. */
export const accountKey = (bankCode: string, accountNumber: string): string =>
  bankCode + paddedAccountNumber(accountNumber);

/** Whether both halves of a post office number carry their check digit. */
export function hasPostOfficeCheckDigits(accountNumber: string): boolean {
  const padded = paddedAccountNumber(accountNumber);
  return isAccountNumber(accountNumber) && hasHalfCheckDigit(padded, 0) && hasHalfCheckDigit(padded, 7);
}

function hasHalfCheckDigit(padded: string, from: number): boolean {
  const expected = (11 - (weightedSum(padded, halfWeights, from) % 11)) % 10;
  return Number(padded.charAt(from + 6)) === expected;
}
