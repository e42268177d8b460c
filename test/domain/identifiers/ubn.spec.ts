import { isUbn } from '../../../src/domain/identifiers/ubn.js';

describe('a 統一編號 of a company', () => {
  it.each(['04595257', '12345675', '12345676'])('that was valid before 112/04/01 still is: %s', (text) =>
    expect(isUbn(text)).toBe(true));

  it.each(['12345670', '12345671'])(
    'may divide by 5 alone since: %s', (text) => expect(isUbn(text)).toBe(true));

  it('does not pass with a sum that 5 does not divide', () => expect(isUbn('12345678')).toBe(false));

  it('gets its second chance only from a 7 in seventh place', () => {
    // Sums: 10 + 4, one short of 15, with the 7 · 10 + 5 · 10 + 3 · then 4 and 5 without any 7.
    const ubns = ['00000074', '00000075', '00000073', '00000010', '00000011'];
    expect(ubns.map(isUbn)).toEqual([true, true, false, false, true]);
  });

  it('is not 00000000, although its sum passes', () => expect(isUbn('00000000')).toBe(false));

  it.each(['1234567', '123456755', '1234567a', '１２３４５６７５', ' 12345675', ''])('is not %j', (text) =>
    expect(isUbn(text)).toBe(false));
});
