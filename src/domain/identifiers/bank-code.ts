import { isDigits, weightedSum } from './digits.js';

/**
 * Three ways of making the seventh digit are in use; which one a bank follows is data, never derived. The
 * imported list alone says which codes exist: a mismatch is a warning about the list.
 */
export const checkDigitSchemes = ['A', 'B', 'C'] as const;
export type CheckDigitScheme = (typeof checkDigitSchemes)[number];

const weightsOfAll = [7, 3, 1, 7, 3, 1];
const weightsOfBranch = [1, 4, 7];

export const isBankCode = (text: string): boolean => isDigits(text, 7);
export const isBank = (text: string): boolean => isDigits(text, 3);

/** The 3-digit bank a 7-digit code belongs to. */
export const bankOf = (bankCode: string): string => bankCode.slice(0, 3);

/** The check digit that belongs behind the first six digits. */
export function bankCheckDigit(bankCode: string, scheme: CheckDigitScheme): number {
  switch (scheme) {
    case 'A': return weightedSum(bankCode, weightsOfAll) % 10;
    case 'B': return (10 - (weightedSum(bankCode, weightsOfAll) % 10)) % 10;
    case 'C': return weightedSum(bankCode, weightsOfBranch, 3) % 10;
  }
}

export const hasBankCheckDigit = (bankCode: string, scheme: CheckDigitScheme): boolean =>
  isBankCode(bankCode) && Number(bankCode.charAt(6)) === bankCheckDigit(bankCode, scheme);
