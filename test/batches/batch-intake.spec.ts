import iconv from 'iconv-lite';
import { paymentIdOf } from '../../src/application/stream-names.js';
import { demoBatchId, generateBatch } from '../../src/infrastructure/demo/demo-batch.js';
import type { TestDatabase } from '../support/database.js';
import { createTestDatabase } from '../support/database.js';
import { bankCodes, BatchTreasury } from './batch-treasury.js';
import { batch, payment } from './batch-texts.js';

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

const headerTime = '2026-10-30T10:00:00.000Z';
const errorsOf = async (file: string | Uint8Array): Promise<unknown[]> => {
  const outcome = await treasury.deliver(file);
  if (outcome.kind !== 'refused') throw new Error('it was not refused');
  return outcome.errors.map(({ line, code, field }) => (field ? [line, code, field] : [line, code]));
};

describe('a delivered batch', () => {
  it('is recorded whole: each payment with its invoices, and the later statuses', async () => {
    const outcome = await treasury.deliver(batch('whole', [
      payment('W1', { invoices: [['ZA12345678', '2026-09-30', 400], ['ZA12345679', '2026-09-30', 600]] }),
      payment('W2', { status: '待匯款', bank: '7000021', account: '00019' }),
    ], [
      { voucher: 'W1', status: '退匯', date: '2026-10-05', reason: '其他：收款行停業' },
      { voucher: 'W1', status: '重匯', date: '2026-10-12', reason: '更正後重匯' },
      { voucher: 'W2', status: '已匯款', date: '2026-10-02' },
    ]));
    expect(outcome).toEqual({
      kind: 'completed', alreadyRecorded: false, batchId: 'whole', issuedAt: headerTime,
      totals: { payments: 2, invoices: 2, amount: 2_000 }, statusChanges: 3,
      recorded: { payments: 2, statusChanges: 3, alreadyKnown: 0 }, position: expect.stringMatching(/^\d+$/),
    });
    const paymentId = paymentIdOf({ agencyCode: 'A1', fiscalYear: 115, voucherNo: 'W1', seq: '1' });
    expect(await treasury.paymentFacts('W1')).toEqual([
      { type: 'PaymentRecorded', data: {
        paymentId, status: '已匯款', batchId: 'whole', agencyCode: 'A1', agencyName: '示範機關',
        agencyPhone: '02-0000-0000', fiscalYear: 115, voucherNo: 'W1', seq: '1', paymentDate: '2026-10-01',
        treasuryReceiptNo: '080001', bankCode: '0040037', accountNumber: '003001234567', amount: 1_000,
        purpose: '業務費', invoices: [
          { number: 'ZA12345678', date: '2026-09-30', amount: 400 },
          { number: 'ZA12345679', date: '2026-09-30', amount: 600 },
        ],
      } },
      { type: 'RemittanceReturned', data: {
        paymentId, reason: '其他', explanation: '收款行停業', returnedOn: '2026-10-05', batchId: 'whole',
      } },
      { type: 'PaymentReissued', data: {
        paymentId, reissuedOn: '2026-10-12', note: '更正後重匯', batchId: 'whole',
      } },
    ]);
    expect((await treasury.paymentFacts('W2')).map(({ type }) => type))
      .toEqual(['PaymentRecorded', 'RemittanceRecorded']);
    expect(await treasury.batchFacts('whole')).toEqual(['PaymentBatchAccepted', 'PaymentBatchCompleted']);
  });

  it('leaves no piece of the file behind', async () => {
    await treasury.deliver(batch('tidy', [payment('T1')]));
    expect(await treasury.leftovers()).toEqual({ chunks: 0, deliveries: 0 });
  });

  it('may come in Big5, with quoted line breaks, or with a byte order mark', async () => {
    const file = batch('big5', [payment('E1', { purpose: '"許功蓋\r\n工程款,第3期"' })]);
    expect((await treasury.deliver(iconv.encode(file, 'big5'), 'big5')).kind).toBe('completed');
    expect((await treasury.paymentFacts('E1'))[0].data).toMatchObject({
      agencyName: '示範機關', purpose: '許功蓋 工程款,第3期',
    });
    const marked = await treasury.deliver(`\uFEFF${batch('marked', [payment('E2')])}`);
    expect(marked.kind).toBe('completed');
  });

  it('takes later statuses of payments that earlier batches brought', async () => {
    await treasury.deliver(batch('first', [payment('L1'), payment('L2')]));
    const outcome = await treasury.deliver(batch('second', [], [
      { voucher: 'L1', status: '退匯', reason: '帳號錯誤' }, { voucher: 'L2', status: '退匯', reason: '戶名不符' },
      { voucher: 'L1', status: '改簽支票' }, { voucher: 'L2', status: '註銷' },
    ]));
    expect(outcome).toMatchObject({ recorded: { payments: 0, statusChanges: 4, alreadyKnown: 0 } });
    expect((await treasury.paymentFacts('L2')).map(({ type }) => type))
      .toEqual(['PaymentRecorded', 'RemittanceReturned', 'PaymentCancelled']);
  });

  it('adds nothing of what was known before, and says how much that was', async () => {
    const returned = { voucher: 'K1', status: '退匯', reason: '帳號錯誤' };
    await treasury.deliver(batch('known', [payment('K1')], [returned]));
    const outcome = await treasury.deliver(batch('known-2', [payment('K1'), payment('K2')], [
      returned, { voucher: 'K1', status: '重匯' },
    ]));
    expect(outcome).toMatchObject({ recorded: { payments: 1, statusChanges: 1, alreadyKnown: 2 } });
    expect((await treasury.paymentFacts('K1')).map(({ type }) => type))
      .toEqual(['PaymentRecorded', 'RemittanceReturned', 'PaymentReissued']);
  });

  it('may pay to a branch that has closed since', async () => {
    await treasury.importBankCodes(bankCodes.filter((code) => code !== '0041090'), 1);
    const outcome = await treasury.deliver(batch('closed', [payment('O1', { bank: '0041090' })]));
    expect(outcome).toMatchObject({ kind: 'completed', recorded: { payments: 1 } });
  });

  it('is worked on in many chunks like in one', async () => {
    const options = { payments: 700, seed: 11, bankCodes };
    const outcome = await treasury.deliver([...generateBatch(options)].join(''));
    expect(outcome).toMatchObject({ batchId: demoBatchId(options), totals: { payments: 700 } });
    if (outcome.kind !== 'completed') throw new Error('refused');
    expect(outcome.recorded).toEqual({
      payments: 700, statusChanges: outcome.statusChanges, alreadyKnown: 0,
    });
    expect(outcome.statusChanges).toBeGreaterThan(3);
  });
});

describe('the same batch again', () => {
  it('is accepted, adds nothing, and says so', async () => {
    const file = batch('again', [payment('A1')]);
    const first = await treasury.deliver(file);
    const head = await treasury.log.head();
    expect(await treasury.deliver(file)).toEqual({ ...first, alreadyRecorded: true });
    expect(await treasury.log.head()).toBe(head);
  });

  it('is refused with other content, whatever the content', async () => {
    await treasury.deliver(batch('reused', [payment('R1')]));
    const head = await treasury.log.head();
    expect(await errorsOf(batch('reused', [payment('R2')]))).toEqual([[1, 'batch/id-reused', 'batchId']]);
    expect(await errorsOf('H,1,reused,x\r\nnonsense')).toEqual([[1, 'batch/id-reused', 'batchId']]);
    expect(await treasury.log.head()).toBe(head);
  });

  it('is welcome corrected, after it was refused', async () => {
    const wrong = batch('corrected', [payment('C1', { bank: '0040038' })]);
    expect(await errorsOf(wrong)).toEqual([[2, 'payment/unknown-bank-code', 'bankCode']]);
    expect(await errorsOf(wrong)).toEqual([[2, 'payment/unknown-bank-code', 'bankCode']]);
    expect((await treasury.deliver(batch('corrected', [payment('C1')]))).kind).toBe('completed');
    expect(await treasury.batchFacts('corrected'))
      .toEqual(['PaymentBatchRefused', 'PaymentBatchAccepted', 'PaymentBatchCompleted']);
  });

  it('delivered several times at once is recorded once', async () => {
    const file = batch('thrice', [payment('X1'), payment('X2')]);
    const outcomes = await Promise.all([1, 2, 3].map(() => treasury.deliver(file)));
    expect(outcomes.map((each) => each.kind === 'completed' && each.alreadyRecorded).sort())
      .toEqual([false, true, true]);
    expect(await treasury.paymentFacts('X1')).toHaveLength(1);
  });
});

describe('two batches delivered at once', () => {
  it('that carry the same payment record it once', async () => {
    const outcomes = await Promise.all(['left', 'right'].map(
      (batchId) => treasury.deliver(batch(batchId, [payment('S1'), payment(`S-${batchId}`)]))));
    const recorded = outcomes.map((each) => (each.kind === 'completed' ? each.recorded : each));
    expect(recorded).toEqual(expect.arrayContaining([
      { payments: 2, statusChanges: 0, alreadyKnown: 0 }, { payments: 1, statusChanges: 0, alreadyKnown: 1 },
    ]));
    expect(await treasury.paymentFacts('S1')).toHaveLength(1);
  });

  it('that tell the same payment otherwise: one of them is refused', async () => {
    const outcomes = await Promise.all([1, 2].map((amount) =>
      treasury.deliver(batch(`other-${amount}`, [payment('S2', { amount }), payment(`S3-${amount}`)]))));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['completed', 'refused']);
    expect(await treasury.paymentFacts('S2')).toHaveLength(1);
  });
});
