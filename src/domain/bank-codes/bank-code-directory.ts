import type { Decider, Decision } from '../decider.js';
import { refuse } from '../decider.js';
import { taipeiDate } from '../roc-date.js';
import type { BankCodeFact, BankCodeListImported, BankNamed } from './bank-code.events.js';
import type { BankCodeList } from './bank-code-list.js';
import { bankCodeListProblems, listProblem } from './bank-code-list.js';
import { CodeTree } from './code-tree.js';

/** The list is the whole truth: a code it does not hold is closed. */
export interface ImportBankCodeList extends BankCodeList {
  readonly type: 'ImportBankCodeList';
  /** Says that exactly so many closures are meant: needed where the list looks cut off. */
  readonly confirmClosures?: number;
  readonly by: string;
  readonly at: string;
}
export type BankCodeCommand = ImportBankCodeList;

export const bankCodeRefusals = [
  ...bankCodeListProblems, 'bank-codes/older-list', 'bank-codes/not-in-force-yet',
  'bank-codes/suspected-truncation',
] as const;
export type BankCodeRefusal = (typeof bankCodeRefusals)[number];
export type BankCodeDecision = Decision<BankCodeFact, BankCodeRefusal>;

export interface BankCode { readonly status: 'online' | 'closed'; readonly name: string }
export interface BankDirectory {
  readonly codes: CodeTree<BankCode>;
  readonly banks: CodeTree<string>;
  /** Hashes of the lists imported so far. */
  readonly imports: readonly string[];
  /** Of the latest list; null before the first. */
  readonly effectiveDate: string | null;
}

export function evolve(state: BankDirectory, fact: BankCodeFact): BankDirectory {
  switch (fact.type) {
    case 'BankCodeOpened':
    case 'BankCodeReopened':
      return withCode(state, fact.data.bankCode, { status: 'online', name: fact.data.name });
    case 'BankCodeRenamed': {
      const status = state.codes.get(fact.data.bankCode)?.status ?? 'online';
      return withCode(state, fact.data.bankCode, { status, name: fact.data.name });
    }
    case 'BankCodeClosed': {
      const name = state.codes.get(fact.data.bankCode)?.name ?? '';
      return withCode(state, fact.data.bankCode, { status: 'closed', name });
    }
    case 'BankNamed': return { ...state, banks: state.banks.with(fact.data.bank, fact.data.name) };
    case 'BankCodeListImported': {
      const { fileHash, effectiveDate } = fact.data;
      return { ...state, imports: [...state.imports, fileHash], effectiveDate };
    }
  }
}

const withCode = (state: BankDirectory, bankCode: string, entry: BankCode): BankDirectory =>
  ({ ...state, codes: state.codes.with(bankCode, entry) });

/** Nothing is ever deleted: an approved account may sit on a closed code, and its owner must be told. */
export function decide(command: BankCodeCommand, state: BankDirectory): BankCodeDecision {
  const problem = listProblem(command);
  if (problem) return refuse(problem);
  const changes = changesOf(command, state);
  const { fileHash, effectiveDate, by, at } = command;
  if (changes.length === 0 && state.imports.includes(fileHash)) return [];
  // An import counts at once: a day to come would close codes too early, and bar every list until then.
  if (effectiveDate > taipeiDate(at)) return refuse('bank-codes/not-in-force-yet');
  if (effectiveDate < (state.effectiveDate ?? '')) return refuse('bank-codes/older-list');
  const counts = countsOf(changes);
  if (looksCutOff(command, state, counts.closed) && command.confirmClosures !== counts.closed) {
    return refuse('bank-codes/suspected-truncation');
  }
  const imported = { fileHash, effectiveDate, codes: command.entries.length, ...counts };
  const data = { ...imported, importedBy: by, importedAt: at };
  return [...changes, { type: 'BankCodeListImported', data }];
}

export const bankDirectoryDecider: Decider<BankCodeCommand, BankDirectory, BankCodeFact, BankCodeRefusal> = {
  initial: { codes: CodeTree.empty(), banks: CodeTree.empty(), imports: [], effectiveDate: null },
  evolve,
  decide,
};

type BankCodeChange = Exclude<BankCodeFact, BankCodeListImported>;

/** What the list changes, in the order of codes, a bank before its branches. */
export function changesOf(list: BankCodeList, state: BankDirectory): readonly BankCodeChange[] {
  const { effectiveDate } = list;
  const listed = new Set(list.entries.map(({ bankCode }) => bankCode));
  const changes: BankCodeChange[] = bankNames(list, state);
  for (const { bankCode, name } of list.entries) {
    const known = state.codes.get(bankCode);
    const data = { bankCode, name, effectiveDate };
    if (!known) changes.push({ type: 'BankCodeOpened', data });
    else if (known.status === 'closed') changes.push({ type: 'BankCodeReopened', data });
    else if (known.name !== name) {
      changes.push({ type: 'BankCodeRenamed', data: { ...data, previousName: known.name } });
    }
  }
  for (const bankCode of onlineCodes(state)) {
    if (!listed.has(bankCode)) changes.push({ type: 'BankCodeClosed', data: { bankCode, effectiveDate } });
  }
  return changes.sort((a, b) => (codeOf(a) < codeOf(b) ? -1 : 1));
}

/** A bank named twice keeps the name it has: lists repeat such rows in any order, and nothing was renamed. */
function bankNames({ banks, effectiveDate }: BankCodeList, state: BankDirectory): BankNamed[] {
  const names = new Map<string, string>();
  for (const { bank, name } of banks) {
    if (!names.has(bank) || name === state.banks.get(bank)) names.set(bank, name);
  }
  return [...names].filter(([bank, name]) => name !== state.banks.get(bank))
    .map(([bank, name]) => ({ type: 'BankNamed', data: { bank, name, effectiveDate } }));
}

const onlineCodes = ({ codes }: BankDirectory): readonly string[] =>
  codes.entries().filter(([, { status }]) => status === 'online').map(([code]) => code);

const codeOf = ({ data }: BankCodeChange): string => ('bank' in data ? data.bank : data.bankCode);

export function countsOf(changes: readonly BankCodeChange[]) {
  const count = (type: BankCodeChange['type']): number =>
    changes.filter((change) => change.type === type).length;
  return {
    added: count('BankCodeOpened'), renamed: count('BankCodeRenamed'),
    closed: count('BankCodeClosed'), reopened: count('BankCodeReopened'),
  };
}

/** From 2021 to 2023 one code in 37 was closed; one in ten at once has never been seen. */
const usualOneIn = 10;

/** Half a download is a valid list of fewer codes: it closes very many, or the directory's end is missing. */
function looksCutOff(list: BankCodeList, state: BankDirectory, closed: number): boolean {
  const online = onlineCodes(state);
  const last = online.at(-1);
  if (last === undefined) return false;
  return closed * usualOneIn > online.length || list.entries.every(({ bankCode }) => bankCode < last);
}
