import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CheckDigitScheme } from '../../domain/identifiers/bank-code.js';
import { checkDigitSchemes } from '../../domain/identifiers/bank-code.js';
import { isCsvRefusal, readCsv } from '../csv/csv-records.js';
import type { BankCodeKnowledge } from './fisc-list-reader.js';

/** Three folders up from here, in the sources and in the build alike. */
const folder = new URL('../../../data/', import.meta.url);

/** The list a fresh service starts with; `data/ORIGIN.md` says where it comes from. */
export const shippedList = {
  fileName: 'fisc_R2_Location_2023-12-18.csv', effectiveDate: '2023-12-18',
} as const;

export const readShippedList = (): Promise<Uint8Array> => readFile(pathOf(shippedList.fileName));

export async function readBankCodeKnowledge(): Promise<BankCodeKnowledge> {
  const printedNames = new Map<string, string>();
  for (const [bankCode, name] of await rowsOf('printed-names.csv')) printedNames.set(bankCode, name);
  const schemes = new Map<string, CheckDigitScheme>();
  for (const [bank, , scheme] of await rowsOf('bank_check_scheme.csv')) schemes.set(bank, schemeOf(scheme));
  return { printedNames, schemes };
}

const pathOf = (fileName: string): string => fileURLToPath(new URL(fileName, folder));

function schemeOf(text: string): CheckDigitScheme {
  const scheme = checkDigitSchemes.find((known) => known === text);
  if (!scheme) throw new Error('bank_check_scheme.csv names a scheme that does not exist');
  return scheme;
}

/** Rows below the header. These files are our own: one that cannot be read is a bug, not a refusal. */
async function rowsOf(fileName: string): Promise<(readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for await (const item of readCsv([await readFile(pathOf(fileName))], 'utf-8')) {
    if (isCsvRefusal(item)) throw new Error(`${fileName} line ${item.line}: ${item.refused}`);
    rows.push(...item.records);
  }
  return rows.slice(1);
}
