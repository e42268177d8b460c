import iconv from 'iconv-lite';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { batch, payment } from './batch-texts.js';
import { BatchTreasury } from './batch-treasury.js';

let database: TestDatabase;
let treasury: BatchTreasury;

beforeAll(async () => {
  database = await createTestDatabase();
  treasury = new BatchTreasury(database.url, { linesPerChunk: 50 });
  await treasury.importBankCodes();
  treasury.work();
});
afterAll(async () => {
  await treasury.close();
  await database.drop();
});
afterEach(() => {
  expect(treasury.errors).toEqual([]);
});

const errorsOf = async (file: string | Uint8Array): Promise<unknown[]> => {
  const outcome = await treasury.deliver(file);
  if (outcome.kind !== 'refused') throw new Error('it was not refused');
  return outcome.errors.map(({ line, code, field }) => (field ? [line, code, field] : [line, code]));
};

describe('a batch is refused whole', () => {
  it('for a payment known with other content, in any field', async () => {
    await treasury.deliver(batch('origin', [payment('D1', { invoices: [['ZA12345678', '2026-09-30', 1]] })]));
    const invoices = [['ZA12345678', '2026-09-30', 1]] as const;
    const others = [
      { amount: 1 }, { bank: '7000021' }, { account: '1' }, { status: '待匯款' }, { date: '2026-10-02' },
      { purpose: '其他' }, { invoices: [] }, { invoices: [['ZA12345678', '2026-09-30', 2]] as const },
    ];
    for (const [index, other] of others.entries()) {
      const file = batch(`content-${index}`, [payment('D0'), payment('D1', { invoices, ...other })]);
      expect(await errorsOf(file)).toEqual([[3, 'payment/different-content']]);
    }
    expect(await treasury.paymentFacts('D0')).toEqual([]);
  });

  it('for a payment twice in it, the same or not, at every line but the first', async () => {
    const twice = [payment('D2'), payment('D3'), payment('D2'), payment('D2', { amount: 5 })];
    expect(await errorsOf(batch('twice', twice)))
      .toEqual([[4, 'batch/duplicate-payment'], [5, 'batch/duplicate-payment']]);
    expect(await errorsOf(batch('twice', [payment('D2', { bank: 'x' }), payment('D2')]))).toEqual([
      [2, 'payment/invalid-bank-code', 'bankCode'], [3, 'batch/duplicate-payment'],
    ]);
  });

  it('for later statuses that cannot be', async () => {
    await treasury.deliver(batch('later', [payment('D4')]));
    expect(await errorsOf(batch('later-2', [payment('D5', { status: '待匯款' })], [
      { voucher: 'D4', status: '重匯' },
      { voucher: 'nobody', status: '退匯', reason: '帳號錯誤' },
      { voucher: 'D4', status: '退匯', date: '2026-09-01', reason: '帳號錯誤' },
      { voucher: 'D5', status: '退匯', reason: '帳號錯誤' },
      { voucher: 'D5', status: '已匯款' },
      { voucher: 'D5', status: '註銷' },
      { voucher: 'D4', status: '退匯', reason: '其他：'.padEnd(204, '很') },
    ]))).toEqual([
      [3, 'payment/status-not-allowed'], [4, 'payment/unknown'], [5, 'payment/date-before-previous-status'],
      [6, 'payment/status-not-allowed'], [8, 'payment/status-not-allowed'], [9, 'payment/reason-too-long'],
    ]);
  });

  it('for a later status that stands before its payment', async () => {
    const [header, paid, status, trailer] = batch('order', [payment('D6')], [
      { voucher: 'D6', status: '退匯', reason: '帳號錯誤' }]).trim().split('\r\n');
    const turned = [header, status, paid, trailer].map((line) => `${line}\r\n`).join('');
    expect(await errorsOf(turned)).toEqual([[2, 'payment/unknown']]);
  });

  it('for the same status of a payment twice in it: the second one would be lost as known', async () => {
    const [back, again] = [{ status: '退匯', reason: '帳號錯誤' }, { status: '重匯' }]
      .map((told) => ({ voucher: 'E1', date: '2026-10-21', ...told }));
    expect(await errorsOf(batch('repeated', [payment('E1')], [back, again, back])))
      .toEqual([[5, 'batch/repeated-status']]);
    const inOtherSpelling = [
      { ...back, reason: '其他：查無此人' }, again, { ...back, date: '115/10/21', reason: '其他: 查無此人' },
      { ...back, voucher: 'nobody' },
    ];
    expect(await errorsOf(batch('repeated', [payment('E1')], inOtherSpelling)))
      .toEqual([[5, 'batch/repeated-status'], [6, 'payment/unknown']]);
    expect(await treasury.paymentFacts('E1')).toEqual([]);
  });

  it('but not where another day or other words tell the two apart', async () => {
    const back = { voucher: 'E2', status: '退匯', date: '2026-10-21', reason: '帳號錯誤' };
    const again = { ...back, status: '重匯', reason: '' };
    const next = { date: '2026-10-22' };
    const told = [back, again, { ...back, ...next }, { ...again, ...next, reason: '第二次' }];
    await treasury.deliver(batch('apart', [payment('E2')], told));
    expect((await treasury.paymentFacts('E2')).map(({ type }) => type)).toEqual([
      'PaymentRecorded', 'RemittanceReturned', 'PaymentReissued', 'RemittanceReturned', 'PaymentReissued',
    ]);
  });

  it('but not where a later file tells an earlier change again: that is a delivery made twice', async () => {
    const told = [{ voucher: 'E3', status: '退匯', reason: '帳號錯誤' }, { voucher: 'E3', status: '重匯' }];
    await treasury.deliver(batch('told', [payment('E3')], told));
    expect(await treasury.deliver(batch('told-again', [], told.slice(0, 1))))
      .toMatchObject({ kind: 'completed', recorded: { statusChanges: 0, alreadyKnown: 1 } });
  });

  it('for a status more than 31 days ahead of H, or a payment more than 366', async () => {
    const planned = (voucher: string, date: string) => payment(voucher, { date });
    const payments = [payment('F1'), planned('F2', '2027-10-31'), planned('F3', '2027-11-01')];
    const later = ['2026-11-30', '2026-12-01', '999/12/31'].map((date, n) =>
      ({ voucher: 'F1', status: n === 1 ? '重匯' : '退匯', date, reason: '帳號錯誤' }));
    const blameless = { voucher: 'F3', status: '退匯', reason: '帳號錯誤' };
    expect(await errorsOf(batch('ahead', payments, [...later, blameless]))).toEqual([
      [4, 'batch/date-too-far-ahead', 'paymentDate'], [6, 'batch/date-too-far-ahead', 'date'],
      [7, 'batch/date-too-far-ahead', 'date'],
    ]);
  });

  it('without blaming later statuses for a payment that is wrong itself', async () => {
    const wrong = [payment('D7', { amount: 0 }), payment('D8', { purpose: 'x'.repeat(201) })];
    const later = ['D7', 'D8'].map((voucher) => ({ voucher, status: '退匯', reason: '帳號錯誤' }));
    expect(await errorsOf(batch('blame', wrong, later))).toEqual([
      [2, 'payment/invalid-amount', 'amount'], [3, 'payment/invalid-text', 'purpose'],
    ]);
  });

  it('for more than a thousand lines about one payment', async () => {
    const later = Array.from({ length: 550 }, (_, n) => [
      { voucher: 'D9', status: '退匯', reason: `其他：${n}` }, { voucher: 'D9', status: '重匯', reason: `${n}` },
    ]).flat();
    expect(await errorsOf(batch('crowded', [payment('D9')], later)))
      .toEqual([[1_002, 'batch/too-many-lines-of-payment']]);
  });

  it('with the first thousand errors of however many', async () => {
    const payments = Array.from({ length: 3_000 }, (_, n) => payment(`M${n}`, { bank: '0040038' }));
    const outcome = await treasury.deliver(batch('many', payments));
    if (outcome.kind !== 'refused') throw new Error('it was not refused');
    expect(outcome.errorCount).toBe(3_000);
    expect(outcome.errors.map(({ line }) => line)).toEqual(Array.from({ length: 1_000 }, (_, n) => n + 2));
  });

  it('and nothing of it is recorded, not one value of it in any error', async () => {
    const head = BigInt(await treasury.log.head());
    const secret = '9876543210123';
    const file = batch('silent', [payment('Z1'), payment('Z2', { account: `${secret}xx`, bank: '9876543' })]);
    const outcome = await treasury.deliver(file);
    expect(JSON.stringify(outcome)).not.toContain('98765');
    expect(await treasury.batchFacts('silent')).toEqual(['PaymentBatchRefused']);
    expect(BigInt(await treasury.log.head()) - head).toBe(1n);
  });

  it('without a fact, where nobody can say which batch it is', async () => {
    const head = await treasury.log.head();
    for (const file of ['', 'nonsense', batch('no such id', []), batch('..', [])]) {
      const outcome = await treasury.deliver(file);
      expect(outcome).toMatchObject({ kind: 'refused', batchId: null, position: null });
    }
    expect(await treasury.log.head()).toBe(head);
  });

  it('for bytes of another charset', async () => {
    const file = batch('charset', [payment('Q1')]);
    expect(await errorsOf(iconv.encode(file, 'big5'))).toEqual([[2, 'csv/not-utf-8']]);
    const outcome = await treasury.deliver(file.replace('示範', '😀'), 'big5');
    expect(outcome).toMatchObject({ errors: [{ line: 2, code: 'csv/not-big5' }] });
  });
});
