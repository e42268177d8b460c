import { addYuan, isYuan, largestYuan, parseYuan } from '../../src/domain/money.js';

describe('money', () => {
  it('is whole 元 from 0 to 2^53 − 1', () => {
    expect([0, 1, 22_860, 9_007_199_254_740_991].map(isYuan)).toEqual([true, true, true, true]);
    expect(largestYuan).toBe(9_007_199_254_740_991);
  });

  it('is nothing at 2^53 and above, below zero, broken, or not a number at all', () => {
    const wrong = [9_007_199_254_740_992, -1, 1.5, NaN, Infinity, '5', null, undefined];
    expect(wrong.filter(isYuan)).toEqual([]);
  });

  it('is read from digits alone', () => {
    expect(['0', '22860', '9007199254740991'].map(parseYuan)).toEqual([0, 22_860, 9_007_199_254_740_991]);
  });

  it.each([
    '', ' 5', '5 ', '-5', '+5', '5.0', '1,000', '007', '1e3', '0x10', '５', '9007199254740992', '9'.repeat(30),
  ])(
    'is not read from %j', (text) => expect(parseYuan(text)).toBeNull());

  it('adds up only as far as the sum can be told exactly', () => {
    expect(addYuan(9_060, 13_800)).toBe(22_860);
    expect(addYuan(largestYuan, 0)).toBe(largestYuan);
    expect(addYuan(largestYuan, 1)).toBeNull();
    expect(addYuan(largestYuan, largestYuan)).toBeNull();
  });
});
