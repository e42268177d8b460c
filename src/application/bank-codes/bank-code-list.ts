/** What a published list says, read but not yet compared with the directory. */
export interface BankCodeList {
  /** SHA-256 of the file's bytes, hex. */
  readonly fileHash: string;
  readonly entries: readonly { readonly bankCode: string; readonly name: string }[];
  /** Head office rows: how each 3-digit bank is called. */
  readonly banks: readonly { readonly bank: string; readonly name: string }[];
  readonly warnings: readonly BankCodeListWarning[];
}

/** Something odd that refuses nothing: the list is the authority, no formula is. */
export interface BankCodeListWarning {
  readonly line: number;
  readonly code: 'bank-codes/check-digit';
  readonly bankCode: string;
}

/** Why a file is no such list; each is found on a line, and nothing of the file is used. */
export const bankCodeListProblems = {
  'bank-codes/wrong-header': 'the first line does not name the five columns of 總分支機構位置',
  'bank-codes/wrong-field-count': 'a row has not five fields',
  'bank-codes/invalid-code': 'a bank is not three digits or a branch neither four digits nor empty',
  'bank-codes/name-required': 'a row names no institution, or a branch no branch',
  'bank-codes/repeated-code': 'the same seven digits stand on two rows',
  'bank-codes/truncated': 'the last line is not ended: the file was cut off',
  'csv/not-utf-8': 'bytes that are not UTF-8',
  'csv/not-big5': 'bytes that are not Big5',
  'csv/malformed-quotes': 'a quotation mark that is not closed, or closed inside a field',
  'csv/record-too-long': 'a record longer than any list has',
  'csv/too-many-fields': 'a record wider than any list has',
} as const;
export type BankCodeListProblem = keyof typeof bankCodeListProblems;
export interface UnreadableBankCodeList { readonly refused: BankCodeListProblem; readonly line: number }

export type BankCodeListCharset = 'utf-8' | 'big5';

export interface BankCodeListReader {
  read(file: Uint8Array, charset: BankCodeListCharset): Promise<BankCodeList | UnreadableBankCodeList>;
}
export const BANK_CODE_LIST_READER = Symbol('BankCodeListReader');
