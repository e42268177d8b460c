import { BatchErrors, batchErrorCodes } from '../../src/application/payment-batches/batch-errors.js';
import { isPaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import { paymentIdOf } from '../../src/application/stream-names.js';
import { paymentRefusals } from '../../src/domain/payments/payment.js';
import { file, found, H, I, P, p, read, S } from './reading-batches.js';

describe('a batch file', () => {
  it('is a header, payments with their invoices, later statuses, and a trailer', async () => {
    const text = file(H, S, P, I, p({ 6: '2', 12: '待匯款' }), S, 'T,2,1,2000');
    const { lines, errors, records } = await read(text);
    expect(errors.first()).toEqual([]);
    expect(records.header).toEqual({ batchId: 'B-1', issuedAt: '2026-10-30T10:00:00.000Z' });
    expect(records.tally.totals).toEqual({ payments: 2, invoices: 1, amount: 2_000 });
    expect(lines.map(({ line, command }) => [line, command.type])).toEqual([
      [2, 'RecordReturn'], [3, 'RecordPayment'], [5, 'RecordPayment'], [6, 'RecordReturn'],
    ]);
  });

  it('gives a payment all that its records say', async () => {
    const { lines: [line] } = await read(file(H, P, I, 'I,ZB00000000,115/08/31,0', 'T,1,2,1000'));
    const paymentId = paymentIdOf({ agencyCode: 'A1', fiscalYear: 115, voucherNo: 'V1', seq: '1' });
    expect(line).toEqual({
      line: 2, paymentId, command: { type: 'RecordPayment', payment: {
        paymentId, status: '已匯款', batchId: 'B-1', agencyCode: 'A1', agencyName: '示範機關',
        agencyPhone: '02-0000-0000', fiscalYear: 115, voucherNo: 'V1', seq: '1', paymentDate: '2026-10-01',
        treasuryReceiptNo: '080001', bankCode: '0040037', accountNumber: '003001234567', amount: 1_000,
        purpose: '業務費', invoices: [
          { number: 'ZA12345678', date: '2026-09-30', amount: 1_000 },
          { number: 'ZB00000000', date: '2026-08-31', amount: 0 },
        ],
      } },
    });
  });

  it.each([['2026-10-01'], ['115/10/01'], ['1151001']])('may write the day %s', async (day) => {
    const { lines: [line] } = await read(file(H, p({ 7: day }), 'T,1,0,1000'));
    expect(isPaymentLine(line) && line.command.payment.paymentDate).toBe('2026-10-01');
  });

  it.each([
    ['2026-10-30T18:00:00+08:00', '2026-10-30T10:00:00.000Z'],
    ['2026-10-30T10:00:00Z', '2026-10-30T10:00:00.000Z'],
    ['2026-10-30T18:00', '2026-10-30T10:00:00.000Z'],
    ['2026-10-30T10:00:00.123456Z', '2026-10-30T10:00:00.123Z'],
  ])('may write its time %s', async (time, instant) => {
    const { records: { header } } = await read(file(`H,1,B-1,${time}`, 'T,0,0,0'));
    expect(header?.issuedAt).toBe(instant);
  });

  it('may hold nothing but a header and a trailer', async () => {
    expect(await found(H, 'T,0,0,0')).toEqual([]);
  });

  it('tells payments apart by zeros in front of voucher and sequence numbers', async () => {
    const { lines } = await read(file(H, P, p({ 5: '0V1' }), p({ 6: '01' }), 'T,3,0,3000'));
    expect(new Set(lines.map(({ paymentId }) => paymentId)).size).toBe(3);
  });

  it('keeps free words on one line', async () => {
    const { lines: [line] } = await read(file(H, p({ 13: '"工程款\r\n 第3期,尾款"' }), 'T,1,0,1000'));
    expect(isPaymentLine(line) && line.command.payment.purpose).toBe('工程款 第3期,尾款');
  });

  it.each([
    ['no record at all', [], [[1, 'batch/empty-file']]],
    ['no header', [P, 'T,1,0,1000'], [[1, 'batch/missing-header']]],
    ['a second header', [H, H, 'T,0,0,0'], [[2, 'batch/second-header']]],
    ['a header cut short', ['H,1,B-1', 'T,0,0,0'], [[1, 'batch/wrong-field-count']]],
    ['another version', ['H,2,B-1,2026-10-30T18:00:00Z', 'T,0,0,0'],
      [[1, 'batch/unsupported-version', 'version']]],
    ['a bad batch id', ['H,1,B 1,2026-10-30T18:00:00Z', 'T,0,0,0'], [[1, 'batch/invalid-id', 'batchId']]],
    ['an id too long', [`H,1,${'x'.repeat(65)},2026-10-30T18:00:00Z`, 'T,0,0,0'],
      [[1, 'batch/invalid-id', 'batchId']]],
    ['no real time', ['H,1,B-1,2026-02-30T18:00:00Z', 'T,0,0,0'], [[1, 'batch/invalid-time', 'issuedAt']]],
    ['a day as time', ['H,1,B-1,2026-10-30', 'T,0,0,0'], [[1, 'batch/invalid-time', 'issuedAt']]],
    ['a record of no kind', [H, 'X,1', 'T,0,0,0'], [[2, 'batch/unknown-record']]],
    ['a record called like a method', [H, 'toString,1', 'T,0,0,0'], [[2, 'batch/unknown-record']]],
    ['no trailer', [H, P, I], [[3, 'batch/missing-trailer']]],
    ['records behind the trailer', [H, 'T,0,0,0', P, I, S],
      [[3, 'batch/after-trailer'], [4, 'batch/after-trailer'], [5, 'batch/after-trailer']]],
    ['a trailer that is no number', [H, P, I, 'T,one,-1,1000.0'], [
      [4, 'batch/invalid-trailer', 'payments'], [4, 'batch/invalid-trailer', 'invoices'],
      [4, 'batch/invalid-trailer', 'amountTotal']]],
    ['a trailer that counts otherwise', [H, P, I, 'T,2,0,1001'], [
      [4, 'batch/payments-mismatch', 'payments'], [4, 'batch/invoices-mismatch', 'invoices'],
      [4, 'batch/amount-mismatch', 'amountTotal']]],
    ['an invoice without a payment', [H, I, 'T,0,1,0'], [[2, 'batch/invoice-without-payment']]],
    ['an invoice behind a later status', [H, P, S, I, 'T,1,1,1000'], [[4, 'batch/invoice-without-payment']]],
    ['a payment cut short', [H, 'P,A1,示範機關', I, 'T,1,1,99'], [[2, 'batch/wrong-field-count']]],
    ['a comma too many', [H, `${P},`, 'T,1,0,1000'], [[2, 'batch/wrong-field-count']]],
    ['an invoice cut short', [H, P, 'I,ZA12345678', 'T,1,1,1000'], [[3, 'batch/wrong-field-count']]],
    ['a status cut short', [H, 'S,A1,115', 'T,0,0,0'], [[2, 'batch/wrong-field-count']]],
    ['a trailer cut short', [H, 'T,0'], [[2, 'batch/wrong-field-count'], [2, 'batch/missing-trailer']]],
  ] as const)('is refused for %s', async (_what, lines, errors) => {
    expect(await found(...lines)).toEqual(errors);
  });

  it('sums up amounts no floating point could, and refuses a sum of 2^53 and more', async () => {
    const most = p({ 11: '9007199254740990' });
    expect(await found(H, most, p({ 6: '2', 11: '1' }), 'T,2,0,9007199254740991')).toEqual([]);
    expect(await found(H, most, p({ 6: '2', 11: '1' }), 'T,2,0,9007199254740992'))
      .toEqual([[4, 'batch/amount-mismatch', 'amountTotal']]);
    expect(await found(H, most, p({ 6: '2', 11: '2' }), 'T,2,0,9007199254740992'))
      .toEqual([[4, 'batch/amount-too-large', 'amountTotal']]);
  });

  it('remembers a wrong payment whose key is right, and no other', async () => {
    const { lines, wrong } = await read(file(H, p({ 11: 'x' }), p({ 4: 'x' }), 'T,2,0,0'));
    expect(lines).toEqual([]);
    const paymentId = paymentIdOf({ agencyCode: 'A1', fiscalYear: 115, voucherNo: 'V1', seq: '1' });
    expect(wrong).toEqual([[2, paymentId]]);
  });

  it('allows a thousand invoices of one payment, and no more', async () => {
    const invoices = (count: number): string[] => Array.from({ length: count }, () => I);
    expect(await found(H, P, ...invoices(1_000), 'T,1,1000,1000')).toEqual([]);
    expect(await found(H, P, ...invoices(1_002), 'T,1,1002,1000'))
      .toEqual([[1_003, 'batch/too-many-invoices']]);
  });

  it('is read no further than its first undecodable line', async () => {
    const { errors } = await read(Buffer.concat([Buffer.from(file(H, P)), Buffer.from([0x50, 0xff, 0x0a])]));
    expect(errors.first()).toEqual([{ line: 3, code: 'csv/not-utf-8' }]);
  });

  it('counts all errors and keeps the first thousand by line', () => {
    const errors = new BatchErrors();
    for (let line = 5_000; line >= 1; line--) errors.add(line, 'batch/unknown-record');
    for (let line = 1; line <= 100; line++) errors.add(line, 'batch/duplicate-payment');
    expect(errors.count).toBe(5_100);
    expect(errors.first()).toHaveLength(1_000);
    expect(errors.first().at(-1)).toEqual({ line: 900, code: 'batch/unknown-record' });
    expect(errors.first()[1]).toEqual({ line: 1, code: 'batch/duplicate-payment' });
  });

  it('is blamed with codes that are written down', async () => {
    const known = new Set<string>([...Object.keys(batchErrorCodes), ...paymentRefusals]);
    const wrong = p({ 9: 'x', 10: 'x', 11: 'x' });
    const text = file('X', H, H, P, I, wrong, 'P', 'I', 'S', 'S,,x,,,x,,', 'T,x,x,x', 'X');
    const codes = (await read(text)).errors.first().map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(codes.filter((code) => !known.has(code))).toEqual([]);
  });
});
