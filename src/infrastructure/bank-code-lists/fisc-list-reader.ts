import { createHash } from 'node:crypto';
import type {
  BankCodeList, BankCodeListCharset, BankCodeListProblem, BankCodeListReader, BankCodeListWarning,
  UnreadableBankCodeList,
} from '../../application/bank-codes/bank-code-list.js';
import type { CheckDigitScheme } from '../../domain/identifiers/bank-code.js';
import { bankOf, hasBankCheckDigit, isBank, isBankCode } from '../../domain/identifiers/bank-code.js';
import { isCsvRefusal, readCsv } from '../csv/csv-records.js';

/** What the published list leaves out and we know besides. */
export interface BankCodeKnowledge {
  /** Names printed otherwise than institution + branch, by code. */
  readonly printedNames: ReadonlyMap<string, string>;
  /** Banks whose check digits follow another scheme than A, which all others follow. */
  readonly schemes: ReadonlyMap<string, CheckDigitScheme>;
}

/** The first column was renamed between 2021 and 2023. */
const headers = [
  ['銀行代號/總機構代碼', '分支機構代號', '金融機構名稱', '分支機構名稱', '地址'],
  ['銀行代號', '分支機構代號', '金融機構名稱', '分支機構名稱', '地址'],
];
const columns = 5;
const lineFeed = 0x0a;

/**
 * Reads 總分支機構位置 as FISC publishes it. Strict: whatever looks otherwise is another file, and changes nothing.
 */
export class FiscListReader implements BankCodeListReader {
  constructor(private readonly knowledge: BankCodeKnowledge) {}

  async read(file: Uint8Array, charset: BankCodeListCharset): Promise<BankCodeList | UnreadableBankCodeList> {
    const rows = new ListRows(this.knowledge);
    for await (const item of readCsv([file], charset)) {
      if (isCsvRefusal(item)) return item;
      for (const [index, record] of item.records.entries()) {
        const refused = rows.add(record, item.lines[index]);
        if (refused) return { refused, line: item.lines[index] };
      }
    }
    if (rows.count === 0) return { refused: 'bank-codes/wrong-header', line: 1 };
    if (file.at(-1) !== lineFeed) return { refused: 'bank-codes/truncated', line: rows.lastLine };
    const fileHash = createHash('sha256').update(file).digest('hex');
    return { fileHash, ...rows.list() };
  }
}

class ListRows {
  count = 0;
  lastLine = 1;
  private readonly heads = new Map<string, { readonly name: string; readonly hasAddress: boolean }>();
  private readonly names = new Map<string, string>();
  private readonly warnings: BankCodeListWarning[] = [];

  constructor(private readonly knowledge: BankCodeKnowledge) {}

  add(record: readonly string[], line: number): BankCodeListProblem | undefined {
    this.lastLine = line;
    if (this.count++ === 0) return isHeader(record) ? undefined : 'bank-codes/wrong-header';
    if (record.length !== columns) return 'bank-codes/wrong-field-count';
    const [bank, branch, institution, branchName, address] = record.map((field) => field.trim());
    if (!isBank(bank) || (branch !== '' && !isBankCode(bank + branch))) return 'bank-codes/invalid-code';
    if (institution === '' || (branch !== '' && branchName === '')) return 'bank-codes/name-required';
    if (branch === '') return this.addHead(bank, institution, address !== '');
    return this.addBranch(bank + branch, this.printedName(bank + branch, institution, branchName), line);
  }

  list(): Omit<BankCodeList, 'fileHash'> {
    return {
      entries: [...this.names].map(([bankCode, name]) => ({ bankCode, name })),
      banks: [...this.heads].map(([bank, { name }]) => ({ bank, name })),
      warnings: this.warnings,
    };
  }

  /**
   * 952 has two head offices, in either order: the one with an address is the institution, the other a group.
   */
  private addHead(bank: string, name: string, hasAddress: boolean): undefined {
    const known = this.heads.get(bank);
    if (!known || (hasAddress && !known.hasAddress)) this.heads.set(bank, { name, hasAddress });
  }

  private addBranch(bankCode: string, name: string, line: number): BankCodeListProblem | undefined {
    if (this.names.has(bankCode)) return 'bank-codes/repeated-code';
    this.names.set(bankCode, name);
    const scheme = this.knowledge.schemes.get(bankOf(bankCode)) ?? 'A';
    if (!hasBankCheckDigit(bankCode, scheme)) {
      this.warnings.push({ line, code: 'bank-codes/check-digit', bankCode });
    }
    return undefined;
  }

  /** 314 farmers' associations have one office, named like the institution: printed once, not twice. */
  private printedName(bankCode: string, institution: string, branchName: string): string {
    const built = institution === branchName ? institution : institution + branchName;
    return this.knowledge.printedNames.get(bankCode) ?? built;
  }
}

const isHeader = (record: readonly string[]): boolean => headers.some((header) =>
  header.length === record.length && header.every((name, i) => name === record[i].trim()));
