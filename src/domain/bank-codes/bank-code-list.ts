import { isBank, isBankCode } from '../identifiers/bank-code.js';
import { isPrintable } from '../printable-text.js';
import { isIsoDate } from '../roc-date.js';

/** A whole list as published, in any order. */
export interface BankCodeList {
  readonly entries: readonly { readonly bankCode: string; readonly name: string }[];
  /** Head office rows: what each 3-digit bank is called. The published list names one bank twice. */
  readonly banks: readonly { readonly bank: string; readonly name: string }[];
  readonly effectiveDate: string;
  /** Of the list's bytes: tells the same list from another. */
  readonly fileHash: string;
}

export const bankCodeListProblems = [
  'bank-codes/empty-list', 'bank-codes/invalid-date', 'bank-codes/invalid-entry', 'bank-codes/duplicate-code',
] as const;
export type BankCodeListProblem = (typeof bankCodeListProblems)[number];

/** Why this cannot be a list of bank codes, whatever is known already; null when it can. */
export function listProblem({ entries, banks, effectiveDate }: BankCodeList): BankCodeListProblem | null {
  if (entries.length === 0) return 'bank-codes/empty-list';
  if (!isIsoDate(effectiveDate)) return 'bank-codes/invalid-date';
  const valid = entries.every(({ bankCode, name }) => isBankCode(bankCode) && isName(name))
    && banks.every(({ bank, name }) => isBank(bank) && isName(name));
  if (!valid) return 'bank-codes/invalid-entry';
  const codes = new Set(entries.map(({ bankCode }) => bankCode));
  return codes.size === entries.length ? null : 'bank-codes/duplicate-code';
}

const longestName = 100;
const isName = (name: string): boolean =>
  name.trim() !== '' && name.length <= longestName && isPrintable(name);
