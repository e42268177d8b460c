import fc from 'fast-check';
import { CodeTree } from '../../../src/domain/bank-codes/code-tree.js';

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 7 });

describe('a tree of codes', () => {
  it('holds what a map would, in the order of codes', () =>
    fc.assert(fc.property(fc.array(fc.tuple(digits, fc.integer())), (pairs) => {
      const tree = pairs.reduce((grown, [code, value]) => grown.with(code, value), CodeTree.empty<number>());
      const map = new Map(pairs);
      expect(tree.entries()).toEqual([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
      for (const [code, value] of map) expect(tree.get(code)).toBe(value);
    }), { seed: 7_310_731 }));

  it('is not changed by what grows out of it', () =>
    fc.assert(fc.property(fc.array(fc.tuple(digits, fc.integer())), digits, (pairs, code) => {
      const tree = pairs.reduce((grown, [known, value]) =>
        grown.with(known, value), CodeTree.empty<number>());
      const before = tree.entries();
      tree.with(code, -1);
      expect(tree.entries()).toEqual(before);
    }), { seed: 7_310_731 }));

  it('knows nothing of a code it was not given, nor of what is no code', () => {
    const tree = CodeTree.empty<string>().with('0040037', '臺灣銀行營業部');
    expect(['004', '00400371', '0040038', 'x', ''].map((code) => tree.get(code)))
      .toEqual(Array(5).fill(undefined));
  });
});
