import type { ImportBankCodeList } from '../../../src/domain/bank-codes/bank-code-directory.js';
import { bankDirectoryDecider } from '../../../src/domain/bank-codes/bank-code-directory.js';
import type { BankCodeFact } from '../../../src/domain/bank-codes/bank-code.events.js';
import { isRefusal } from '../../../src/domain/decider.js';
import { rulesOf } from '../support/given-when-then.js';

const { given } = rulesOf(bankDirectoryDecider);
const effectiveDate = '2021-06-15';
const at = '2023-12-18T01:00:00.000Z';
const later = '2023-12-18';

type Counts = Partial<Record<'added' | 'renamed' | 'closed' | 'reopened', number>>;
const importOf = (
  names: Readonly<Record<string, string>>, changes: Partial<ImportBankCodeList> = {},
): ImportBankCodeList => ({
  type: 'ImportBankCodeList', entries: Object.entries(names).map(([bankCode, name]) => ({ bankCode, name })),
  banks: [], effectiveDate, fileHash: 'first', by: 'wu', at, ...changes,
});
const opened = (bankCode: string, name: string, on = effectiveDate): BankCodeFact =>
  ({ type: 'BankCodeOpened', data: { bankCode, name, effectiveDate: on } });
const renamed = (bankCode: string, name: string, previousName: string): BankCodeFact =>
  ({ type: 'BankCodeRenamed', data: { bankCode, name, effectiveDate: later, previousName } });
const closed = (bankCode: string): BankCodeFact =>
  ({ type: 'BankCodeClosed', data: { bankCode, effectiveDate: later } });
const reopened = (bankCode: string, name: string): BankCodeFact =>
  ({ type: 'BankCodeReopened', data: { bankCode, name, effectiveDate: later } });
const named = (bank: string, name: string, on = effectiveDate): BankCodeFact =>
  ({ type: 'BankNamed', data: { bank, name, effectiveDate: on } });
type Source = Pick<ImportBankCodeList, 'fileHash' | 'effectiveDate'>;
const first: Source = { fileHash: 'first', effectiveDate };
const imported = (codes: number, counts: Counts = {}, source = first): BankCodeFact => ({
  type: 'BankCodeListImported', data: {
    ...source, codes,
    added: 0, renamed: 0, closed: 0, reopened: 0, ...counts, importedBy: 'wu', importedAt: at,
  },
});

const two = { '0000022': '中央銀行國庫局', '0040037': '臺灣銀行營業部' };
const afterTwo =
  [opened('0000022', two['0000022']), opened('0040037', two['0040037']), imported(2, { added: 2 })];
const second: Source = { fileHash: 'second', effectiveDate: later };
const third: Source = { fileHash: 'third', effectiveDate: later };

/** Codes 0010000, 0020000, … so many that a single closure is not suspicious. */
const many = Object.fromEntries(Array.from({ length: 20 }, (_, i) =>
  [`${String(i + 1).padStart(3, '0')}0000`, `銀行${i}`]));
const afterMany = [...Object.entries(many).map(([code, name]) =>
  opened(code, name)), imported(20, { added: 20 })];
const without = (...codes: string[]) =>
  Object.fromEntries(Object.entries(many).filter(([code]) => !codes.includes(code)));

describe('importing a list of bank codes', () => {
  it('opens every code of the first one, banks before their branches, and says so last', () =>
    given().when(importOf({ '0040037': two['0040037'], '0000022': two['0000022'] }, {
      banks: [{ bank: '004', name: '臺灣銀行' }],
    })).thenFacts(
      opened('0000022', two['0000022']), named('004', '臺灣銀行'), opened('0040037', two['0040037']),
      imported(2, { added: 2 })));

  it('takes names of up to 100 characters', () => {
    const name = '長'.repeat(100);
    given().when(importOf({ '0040037': name })).thenFacts(opened('0040037', name), imported(1, { added: 1 }));
  });

  it('says nothing for the same list again', () => given(...afterTwo).when(importOf(two)).thenNothing());

  it('records another list with the same codes once, as one that changed nothing', () =>
    given(...afterTwo).when(importOf(two, second)).thenFacts(imported(2, {}, second)));

  it('is a diff: opened, renamed, closed and reopened, in the order of codes', () => {
    const changed = { ...without('0030000'), '0040000': '新名', '0210000': '新行' };
    given(...afterMany).when(importOf(changed, second)).thenFacts(
      closed('0030000'), renamed('0040000', '新名', '銀行3'), opened('0210000', '新行', later),
      imported(20, { added: 1, renamed: 1, closed: 1 }, second));
    given(...afterMany, closed('0030000'), imported(19, { closed: 1 }, second)).when(importOf(many, third))
      .thenFacts(reopened('0030000', '銀行2'), imported(20, { reopened: 1 }, third));
  });

  it('says of a closed code nothing more while it stays away', () =>
    given(...afterMany, closed('0030000'), imported(19, { closed: 1 }, second))
      .when(importOf(without('0030000'), third))
      .thenFacts(imported(19, {}, third)));

  it('reopens a code under its new name without renaming it as well', () =>
    given(...afterMany, closed('0030000'), imported(19, { closed: 1 }, second))
      .when(importOf({ ...many, '0030000': '改名後' }, third))
      .thenFacts(reopened('0030000', '改名後'), imported(20, { reopened: 1 }, third)));

  it('names a bank anew when the list does', () =>
    given(named('004', '臺灣銀行'), ...afterTwo)
      .when(importOf(two, { ...second, banks: [{ bank: '004', name: '臺灣銀行股份有限公司' }] }))
      .thenFacts(named('004', '臺灣銀行股份有限公司', later), imported(2, {}, second)));

  it('keeps a bank\'s name while the list repeats it among others', () => {
    const banks = [{ bank: '952', name: '南農中心所屬會員' }, { bank: '952', name: '農漁會南區資訊中心' }];
    given().when(importOf(two, { banks })).thenFacts(
      opened('0000022', two['0000022']), opened('0040037', two['0040037']), named('952', '南農中心所屬會員'),
      imported(2, { added: 2 }));
    given(named('952', '南農中心所屬會員'), ...afterTwo)
      .when(importOf(two, { ...second, banks: [...banks].reverse() })).thenFacts(imported(2, {}, second));
  });
});

describe('a wrong list', () => {
  it('is refused when empty', () =>
    given(...afterTwo).when(importOf({}, second)).thenRefused('bank-codes/empty-list'));

  it.each([
    ['004003', '短'], ['004003a', '字'], ['0040037', ' '], ['0040037', '臺灣\0'], ['0040037', '長'.repeat(101)],
  ])(
    'is refused for what is no code or no name: %j %j', (bankCode, name) =>
      given().when(importOf({ [bankCode]: name })).thenRefused('bank-codes/invalid-entry'));

  it.each([{ bank: '4', name: '短' }, { bank: '004', name: '' }])(
    'is refused for what is no bank: %j', (bank) =>
    given().when(importOf(two, { banks: [bank] })).thenRefused('bank-codes/invalid-entry'));

  it('is refused when it holds a code twice', () => {
    const entries = [{ bankCode: '0040037', name: '一' }, { bankCode: '0040037', name: '二' }];
    given().when(importOf({}, { entries })).thenRefused('bank-codes/duplicate-code');
  });

  it('is refused without a day from which it counts', () =>
    given().when(importOf(two, { effectiveDate: '1100615' })).thenRefused('bank-codes/invalid-date'));

  it('is refused while the day from which it counts is to come, in Taipei', () => {
    const at = '2023-12-18T16:30:00.000Z';
    const on = (day: string) => importOf(two, { effectiveDate: day, at });
    given().when(on('2023-12-20')).thenRefused('bank-codes/not-in-force-yet');
    const today = on('2023-12-19');
    expect(isRefusal(bankDirectoryDecider.decide(today, bankDirectoryDecider.initial))).toBe(false);
  });

  it('is refused when it is older than the one in force and would change it', () =>
    given(...afterMany, closed('0030000'), imported(19, { closed: 1 }, second))
      .when(importOf(many)).thenRefused('bank-codes/older-list'));
});

describe('a list that looks cut off', () => {
  it('is refused when more than a tenth of all codes would close', () => {
    given(...afterMany).when(importOf(without('0030000', '0070000'), second)).thenFacts(
      closed('0030000'), closed('0070000'), imported(18, { closed: 2 }, second));
    given(...afterMany).when(importOf(without('0030000', '0070000', '0080000'), second))
      .thenRefused('bank-codes/suspected-truncation');
  });

  it('is refused when the end of the directory is missing, be it one code', () => {
    given(...afterMany).when(importOf(without('0200000'), second))
      .thenRefused('bank-codes/suspected-truncation');
    given(...afterMany).when(importOf(without('0030000', '0200000'), second))
      .thenRefused('bank-codes/suspected-truncation');
  });

  it('is not suspected when something new stands at the end', () =>
    given(...afterMany).when(importOf({ ...without('0200000'), '0210000': '新行' }, second)).thenFacts(
      closed('0200000'), opened('0210000', '新行', later), imported(20, { added: 1, closed: 1 }, second)));

  it('is imported when exactly so many closures are confirmed', () => {
    const half = importOf(without('0200000', '0190000', '0180000'), { ...second, confirmClosures: 3 });
    given(...afterMany).when(half).thenFacts(
      closed('0180000'), closed('0190000'), closed('0200000'), imported(17, { closed: 3 }, second));
    given(...afterMany).when({ ...half, confirmClosures: 2 }).thenRefused('bank-codes/suspected-truncation');
    given(...afterMany).when({ ...half, confirmClosures: 4 }).thenRefused('bank-codes/suspected-truncation');
  });

  it('is counted against the codes that are online, closed ones aside', () => {
    const gone = Object.keys(many).slice(0, 9);
    const past = [...afterMany, ...gone.map(closed), imported(11, { closed: 9 }, second)];
    given(...past).when(importOf(without(...gone, '0100000', '0110000'), third))
      .thenRefused('bank-codes/suspected-truncation');
  });
});
