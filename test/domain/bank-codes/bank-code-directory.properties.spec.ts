import fc from 'fast-check';
import type { ImportBankCodeList } from '../../../src/domain/bank-codes/bank-code-directory.js';
import { bankDirectoryDecider } from '../../../src/domain/bank-codes/bank-code-directory.js';
import { fold, isRefusal } from '../../../src/domain/decider.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';

const codes = Array.from({ length: 12 }, (_, i) => `00${String(i).padStart(2, '0')}000`);
const bankCode = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom(...codes) }, { weight: 1, arbitrary: fc.string() });
const name = fc.constantFrom('甲', '乙');

const command: fc.Arbitrary<ImportBankCodeList> = fc.record({
  type: fc.constant('ImportBankCodeList' as const),
  entries: fc.uniqueArray(fc.record({ bankCode, name }), {
    selector: (entry) => entry.bankCode, minLength: 6,
  }),
  banks: fc.array(fc.record({ bank: fc.constantFrom('000', '001'), name }), { maxLength: 3 }),
  effectiveDate: fc.constantFrom('2021-06-15', '2023-12-18', '2023-12-18', '1121218'),
  fileHash: fc.constantFrom('aa', 'bb', 'cc'),
  confirmClosures: fc.option(fc.nat(6), { nil: undefined }),
  by: fc.constant('wu'),
  at: fc.constant('2023-12-18T01:00:00.000Z'),
});

describe('the rules of bank codes', () => {
  itIsARuleBook({
    decider: bankDirectoryDecider, command, seed: 9_010_001, longest: 8,
    facts: [
      'BankCodeOpened', 'BankCodeRenamed', 'BankCodeClosed', 'BankCodeReopened', 'BankNamed',
      'BankCodeListImported',
    ],
  });

  it('leave online exactly what the list holds, under its names, and delete nothing', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 10, size: 'max' }), command, (commands, list) => {
      const before = tell(bankDirectoryDecider, commands).states.at(-1) ?? bankDirectoryDecider.initial;
      const decision = bankDirectoryDecider.decide(list, before);
      if (isRefusal(decision)) return;
      const after = fold(bankDirectoryDecider, decision, before).codes;
      const online = after.entries().filter(([, { status }]) => status === 'online');
      expect(Object.fromEntries(online.map(([code, entry]) => [code, entry.name])))
        .toEqual(Object.fromEntries(list.entries.map((entry) => [entry.bankCode, entry.name])));
      for (const [code] of before.codes.entries()) expect(after.get(code)).toBeDefined();
    }), { seed: 9_010_002, numRuns: 300 }));

  it('count what they tell', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 10, size: 'max' }), (commands) => {
      const told = { added: 0, renamed: 0, closed: 0, reopened: 0 };
      for (const fact of tell(bankDirectoryDecider, commands).facts) {
        if (fact.type === 'BankCodeOpened') told.added++;
        if (fact.type === 'BankCodeRenamed') told.renamed++;
        if (fact.type === 'BankCodeClosed') told.closed++;
        if (fact.type === 'BankCodeReopened') told.reopened++;
        if (fact.type !== 'BankCodeListImported') continue;
        const { added, renamed, closed, reopened } = fact.data;
        expect({ added, renamed, closed, reopened }).toEqual(told);
        Object.assign(told, { added: 0, renamed: 0, closed: 0, reopened: 0 });
      }
    }), { seed: 9_010_003, numRuns: 300 }));
});
