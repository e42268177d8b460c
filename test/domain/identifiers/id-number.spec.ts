import { idNumberKind, isIdNumber } from '../../../src/domain/identifiers/id-number.js';

describe('an ID number', () => {
  it.each(['A123456789', 'F131104093'])('of a national is recognised: %s', (text) =>
    expect(idNumberKind(text)).toBe('national'));

  it.each(['A800000014', 'A900207177'])('of a resident in the form since 2021 is recognised: %s', (text) =>
    expect(idNumberKind(text)).toBe('resident'));

  it.each(['AA00000009', 'AB23456789', 'AC03095424', 'AD30196818'])(
    'of a resident in the old form is recognised: %s', (text) =>
    expect(idNumberKind(text)).toBe('old-resident'));

  it.each([
    'A123456788', 'F131104094', 'A800000015', 'A900207178', 'AA00000008', 'AB23456788', 'AC03095425',
    'AE23456789',
    'A323456789',
    'A023456789', 'a123456789', 'A12345678', 'A1234567890', ' A123456789', '1123456789', 'Ａ123456789', '',
  ])('is not %j', (text) => expect(idNumberKind(text)).toBeNull());

  it('changes its check digit with every letter as the letter\'s own number says', () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
    const numbers = [
      10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, 22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33,
    ];
    letters.forEach((letter, i) => {
      const number = numbers[i] ?? 0;
      const sum = Math.floor(number / 10) + (number % 10) * 9 + 8;
      const check = (10 - (sum % 10)) % 10;
      expect(idNumberKind(`${letter}10000000${check}`)).toBe('national');
      expect(idNumberKind(`${letter}10000000${(check + 1) % 10}`)).toBeNull();
    });
  });

  it('in the old form is valid up to 2030-12-31 and void from 民國 120 on', () => {
    expect(isIdNumber('AB23456789', '2030-12-31')).toBe(true);
    expect(isIdNumber('AB23456789', '2031-01-01')).toBe(false);
  });

  it('in the other forms does not expire', () => {
    expect(['A123456789', 'A800000014'].map((text) => isIdNumber(text, '2031-01-01'))).toEqual([true, true]);
    expect(isIdNumber('A123456788', '2019-05-10')).toBe(false);
  });
});
