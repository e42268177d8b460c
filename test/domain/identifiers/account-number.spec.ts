import {
  accountKey, hasPostOfficeCheckDigits, isAccountNumber, paddedAccountNumber,
} from '../../../src/domain/identifiers/account-number.js';

describe('an account number', () => {
  it('is one to fourteen digits', () => {
    expect(['1', '059843512345', '12345678901234'].map(isAccountNumber)).toEqual([true, true, true]);
    expect(['', '123456789012345', '12-345', '1234 5', '１２３', 'ABC'].filter(isAccountNumber)).toEqual([]);
  });

  it('is compared as fourteen digits, however its leading zeros were written', () => {
    expect(paddedAccountNumber('59843512345')).toBe('00059843512345');
    expect(accountKey('8080598', '059843512345')).toBe('808059800059843512345');
    expect(accountKey('8080598', '59843512345')).toBe(accountKey('8080598', '00059843512345'));
    expect(accountKey('8080598', '1')).not.toBe(accountKey('8071538', '1'));
  });

  it('of the post office carries a check digit in each half', () => {
    // 000100: 1×5 = 5, 11 − 5 = 6. 123456: 2+6+12+20+30+42 = 112, 112 mod 11 = 2, 11 − 2 = 9.
    expect(hasPostOfficeCheckDigits('00010061234569')).toBe(true);
    expect(hasPostOfficeCheckDigits('00010071234569')).toBe(false);
    expect(hasPostOfficeCheckDigits('00010061234560')).toBe(false);
  });

  it('of the post office turns a remainder of 10 into 0 and of 11 into 1', () => {
    // 600000: 6×2 = 12 leaves 1, and 11 − 1 = 10. 001030: 1×4 + 3×6 = 22 leaves 0, and 11 − 0 = 11.
    expect(hasPostOfficeCheckDigits('60000006000000')).toBe(true);
    expect(hasPostOfficeCheckDigits('00103010010301')).toBe(true);
    expect(hasPostOfficeCheckDigits('60000010010301')).toBe(false);
  });

  it('of the post office is checked as padded, and not at all where it is no number', () => {
    expect(hasPostOfficeCheckDigits('10061234569')).toBe(true);
    expect(hasPostOfficeCheckDigits('123456789012345')).toBe(false);
  });
});
