import {
  bankCheckDigit, bankOf, hasBankCheckDigit, isBank, isBankCode,
} from '../../../src/domain/identifiers/bank-code.js';

describe('a bank code', () => {
  it('is seven digits, of which three are the bank', () => {
    expect(['0040037', '0000022'].map(isBankCode)).toEqual([true, true]);
    expect(['004003', '00400371', '004 037', '００40037', ''].filter(isBankCode)).toEqual([]);
    expect(bankOf('0040037')).toBe('004');
    expect(['004', '04', '0040', 'abc'].map(isBank)).toEqual([true, false, false, false]);
  });

  it.each(['0040037', '0041090', '8080598', '8071538', '7000021', '0000022'])('of scheme A: %s', (code) =>
    expect(hasBankCheckDigit(code, 'A')).toBe(true));

  it('of scheme C leaves the bank out: 0099689', () => {
    expect(hasBankCheckDigit('0099689', 'C')).toBe(true);
    expect(hasBankCheckDigit('0099689', 'A')).toBe(false);
  });

  it('of scheme B carries what A lacks to ten, and 0 where A is 0', () => {
    expect([bankCheckDigit('004003', 'A'), bankCheckDigit('004003', 'B')]).toEqual([7, 3]);
    expect([bankCheckDigit('000000', 'A'), bankCheckDigit('000000', 'B')]).toEqual([0, 0]);
    expect(hasBankCheckDigit('0040033', 'B')).toBe(true);
    expect(hasBankCheckDigit('0040037', 'B')).toBe(false);
  });

  it('that is no code has no check digit either', () => expect(hasBankCheckDigit('004003', 'A')).toBe(false));
});
