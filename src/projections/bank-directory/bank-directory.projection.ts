import type { StoredFact } from '../../application/event-log.js';
import { bankOf } from '../../domain/identifiers/bank-code.js';
import type { FactOf } from '../../domain/facts.js';
import type { Projection } from '../projection.js';

/** 異動原因 of NSS901R; the manual shows 上線 and 更名, the other two are ours. */
export const changeReasons = ['上線', '更名', '停用', '恢復'] as const;
export type ChangeReason = (typeof changeReasons)[number];
export const bankCodeStates = ['上線', '停用'] as const;
export type BankCodeState = (typeof bankCodeStates)[number];

/** One row per 7-digit code, and one per bank, under its 3 digits, for the group line above its branches. */
export type BankDirectoryRow = {
  /** 上線日: when the code was first opened; a later 恢復 leaves it. */
  readonly opened_on: string;
  /** 最近異動日. */
  readonly changed_on: string;
  readonly code: string;
  readonly bank: string;
  readonly name: string;
  readonly state: BankCodeState;
  readonly change_reason: ChangeReason;
};

const sees = [
  'BankCodeOpened', 'BankCodeRenamed', 'BankCodeClosed', 'BankCodeReopened', 'BankNamed',
] as const;
type Seen = (typeof sees)[number];

export const bankDirectory: Projection<BankDirectoryRow, Seen> = {
  name: 'bank_directory',
  version: 1,
  columns: {
    opened_on: 'date', changed_on: 'date', code: 'code', bank: 'code', name: 'text', state: 'code',
    change_reason: 'code',
  },
  nullable: [],
  primaryKey: ['code'],
  groupColumn: 'code',
  indexes: {},
  rowsFor: { person: 'all', staff: 'all' },
  sees,
  groupOf: (fact) => (fact.type === 'BankNamed' ? fact.data.bank : fact.data.bankCode),
  evolve: ([row], fact) => [evolveRow(row, fact)],
};

function evolveRow(row: BankDirectoryRow | undefined, fact: StoredFact<FactOf<Seen>>): BankDirectoryRow {
  switch (fact.type) {
    case 'BankCodeOpened': return opened(fact.data.bankCode, fact.data.name, fact.data.effectiveDate);
    case 'BankCodeRenamed': return renamed(known(row), fact.data.name, fact.data.effectiveDate);
    case 'BankCodeClosed': return {
      ...known(row), state: '停用', changed_on: fact.data.effectiveDate, change_reason: '停用',
    };
    case 'BankCodeReopened': return {
      ...known(row), name: fact.data.name, state: '上線',
      changed_on: fact.data.effectiveDate, change_reason: '恢復',
    };
    case 'BankNamed': {
      const { bank, name, effectiveDate } = fact.data;
      return row ? renamed(row, name, effectiveDate) : opened(bank, name, effectiveDate);
    }
  }
}

const opened = (code: string, name: string, on: string): BankDirectoryRow => ({
  opened_on: on, changed_on: on, code, bank: bankOf(code), name, state: '上線', change_reason: '上線',
});

const renamed = (row: BankDirectoryRow, name: string, on: string): BankDirectoryRow =>
  ({ ...row, name, changed_on: on, change_reason: '更名' });

function known(row: BankDirectoryRow | undefined): BankDirectoryRow {
  if (!row) throw new Error('a bank code changed that was never opened');
  return row;
}
