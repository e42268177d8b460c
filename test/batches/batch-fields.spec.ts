import { file, found, H, P, p, read } from './reading-batches.js';

describe('a batch file', () => {
  it.each([
    ['no agency', { 1: '' }, ['payment/invalid-text', 'agencyCode']],
    ['a blank voucher number', { 5: ' ' }, ['payment/invalid-text', 'voucherNo']],
    ['a blank behind its voucher number', { 5: '500123 ' }, ['payment/invalid-text', 'voucherNo']],
    ['a control character', { 2: '示範\u0007' }, ['payment/unprintable-text', 'agencyName']],
    ['a turned direction', { 2: '示範\u202e校學' }, ['payment/unprintable-text', 'agencyName']],
    ['a line break in a number', { 8: '"08\n01"' }, ['payment/unprintable-text', 'treasuryReceiptNo']],
    ['no year', { 4: '' }, ['payment/invalid-year', 'fiscalYear']],
    ['a year of four digits', { 4: '2026' }, ['payment/invalid-year', 'fiscalYear']],
    ['the 29th of February 114', { 7: '114/02/29' }, ['payment/invalid-date', 'paymentDate']],
    ['a day of another spelling', { 7: '2026/10/01' }, ['payment/invalid-date', 'paymentDate']],
    ['a code of no institution', { 9: '0040038' }, ['payment/unknown-bank-code', 'bankCode']],
    ['a code of six digits', { 9: '004003' }, ['payment/invalid-bank-code', 'bankCode']],
    ['fifteen digits of account', { 10: '123456789012345' },
      ['payment/invalid-account-number', 'accountNumber']],
    ['letters in the account', { 10: '00300A' }, ['payment/invalid-account-number', 'accountNumber']],
    ['a fraction', { 11: '1000.0' }, ['payment/invalid-amount', 'amount']],
    ['separators', { 11: '"1,000"' }, ['payment/invalid-amount', 'amount']],
    ['a NUL in the account', { 10: '003\u0000' }, ['payment/invalid-account-number', 'accountNumber']],
    ['a purpose too long', { 13: 'x'.repeat(201) }, ['payment/invalid-text', 'purpose']],
    ['less than nothing', { 11: '-1' }, ['payment/invalid-amount', 'amount']],
    ['2^53 元', { 11: '9007199254740992' }, ['payment/invalid-amount', 'amount']],
    ['a status nobody knows', { 12: '已付' }, ['payment/unknown-status', 'status']],
    ['a status that comes later', { 12: '退匯' }, ['payment/status-not-allowed', 'status']],
  ] as const)('is refused for a payment with %s', async (_what, changed, [code, field]) => {
    expect(await found(H, p(changed), 'T,1,0,1000')).toEqual([[2, code, field]]);
  });

  it.each([
    ['a number of no invoice', 'I,Z123456789,2026-09-30,1', ['payment/invalid-invoice', 'invoiceNumber']],
    ['a day that is none', 'I,ZA12345678,2026-09-31,1', ['payment/invalid-date', 'invoiceDate']],
    ['a fraction', 'I,ZA12345678,2026-09-30,0.5', ['payment/invalid-amount', 'invoiceAmount']],
  ])('is refused for an invoice with %s', async (_what, invoice, [code, field]) => {
    expect(await found(H, P, invoice, 'T,1,1,1000')).toEqual([[3, code, field]]);
  });

  it.each([
    ['agency', 'S,A\u001f1,115,V0,1', 'agencyCode'], ['voucher number', 'S,A1,115,\u001eV0,1', 'voucherNo'],
    ['sequence number', 'S,A1,115,V0,\u0000', 'seq'],
  ])('is refused for a later status with a control character in its %s', async (_what, key, field) => {
    const told = await found(H, `${key},重匯,2026-10-05,`, 'T,0,0,0');
    expect(told).toEqual([[2, 'payment/unprintable-text', field]]);
  });

  it.each([
    ['no reason of return', '退匯,2026-10-05,', ['payment/reason-required', 'reason']],
    ['a reason nobody knows', '退匯,2026-10-05,不明', ['payment/unknown-return-reason', 'reason']],
    ['a status nobody knows', '已付,2026-10-05,', ['payment/unknown-status', 'status']],
    ['the first status', '待匯款,2026-10-05,', ['payment/status-not-allowed', 'status']],
    ['no day', '重匯,,', ['payment/invalid-date', 'date']],
    ['a control character', '退匯,2026-10-05,其他：\u0000', ['payment/unprintable-text', 'reason']],
  ])('is refused for a later status with %s', async (_what, status, [code, field]) => {
    expect(await found(H, `S,A1,115,V0,1,${status}`, 'T,0,0,0')).toEqual([[2, code, field]]);
  });

  it('takes a reason in free words behind 其他', async () => {
    const text = file(H, 'S,A1,115,V0,1,退匯,2026-10-05,其他：收款行停業', 'T,0,0,0');
    const { lines, errors } = await read(text);
    expect(errors.first()).toEqual([]);
    expect(lines[0].command).toMatchObject({
      type: 'RecordReturn', reason: '其他', explanation: '收款行停業',
    });
  });

  it('names everything that is wrong with a payment at once', async () => {
    const wrong = p({ 1: '', 2: 'x'.repeat(101), 4: 'x', 7: 'x', 9: 'x', 10: 'x', 11: 'x', 12: 'x' });
    expect((await found(H, wrong, 'I,x,x,x', 'T,1,1,0')).sort()).toEqual([
      [2, 'payment/invalid-account-number', 'accountNumber'], [2, 'payment/invalid-amount', 'amount'],
      [2, 'payment/invalid-bank-code', 'bankCode'], [2, 'payment/invalid-date', 'paymentDate'],
      [2, 'payment/invalid-text', 'agencyCode'], [2, 'payment/invalid-text', 'agencyName'],
      [2, 'payment/invalid-year', 'fiscalYear'], [2, 'payment/unknown-status', 'status'],
      [3, 'payment/invalid-amount', 'invoiceAmount'], [3, 'payment/invalid-date', 'invoiceDate'],
      [3, 'payment/invalid-invoice', 'invoiceNumber'],
    ]);
  });

  it('is refused for a payment of nothing', async () => {
    expect(await found(H, p({ 11: '0' }), 'T,1,0,0')).toEqual([[2, 'payment/invalid-amount', 'amount']]);
  });
});
