import { isInvoiceNumber } from '../../../src/domain/identifiers/invoice-number.js';

describe('a 統一發票號碼', () => {
  it('is two letters and eight digits', () =>
    expect(['KS12345678', 'JD68723001'].map(isInvoiceNumber)).toEqual([true, true]));

  it.each([
    'ks12345678', 'K123456789', 'KSX2345678', 'KS1234567', 'KS123456789', 'KS-12345678', ' KS12345678', '',
  ])(
    'is not %j', (text) => expect(isInvoiceNumber(text)).toBe(false));
});
