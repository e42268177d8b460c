import type { Fact } from '../decider.js';

/** 上線: the 7-digit code may be remitted to from `effectiveDate` (ISO) on. */
export type BankCodeOpened = Fact<'BankCodeOpened', {
  readonly bankCode: string; readonly name: string; readonly effectiveDate: string;
}>;
/** 更名. */
export type BankCodeRenamed = Fact<'BankCodeRenamed', {
  readonly bankCode: string;
  readonly name: string;
  readonly previousName: string;
  readonly effectiveDate: string;
}>;
/** 停用: kept for ever, because an approved account may sit on it. */
export type BankCodeClosed = Fact<'BankCodeClosed', {
  readonly bankCode: string; readonly effectiveDate: string;
}>;
/** 恢復. */
export type BankCodeReopened = Fact<'BankCodeReopened', {
  readonly bankCode: string; readonly name: string; readonly effectiveDate: string;
}>;
/** A head office row of the list: what the bank's 3-digit group is called. */
export type BankNamed = Fact<'BankNamed', {
  readonly bank: string; readonly name: string; readonly effectiveDate: string;
}>;
/** One import, with what it changed; stored also when it changed nothing but was the first of its content. */
export type BankCodeListImported = Fact<'BankCodeListImported', {
  readonly fileHash: string;
  readonly effectiveDate: string;
  readonly codes: number;
  readonly added: number;
  readonly renamed: number;
  readonly closed: number;
  readonly reopened: number;
  readonly importedBy: string;
  readonly importedAt: string;
}>;

export type BankCodeFact =
  | BankCodeOpened | BankCodeRenamed | BankCodeClosed | BankCodeReopened | BankNamed | BankCodeListImported;
