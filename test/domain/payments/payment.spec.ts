import { fold } from '../../../src/domain/decider.js';
import { historyOf, paymentDecider } from '../../../src/domain/payments/payment.js';
import type { Invoice, PaymentRecorded } from '../../../src/domain/payments/payment.events.js';
import { rulesOf } from '../support/given-when-then.js';
import {
  chequeIssued, corrected, delivered, record, recorded, remitted, returned,
} from './payment-samples.js';

const { given } = rulesOf(paymentDecider);

describe('recording a payment', () => {
  it('is recorded as delivered', () => given().when(record()).thenFacts(recorded()));

  it('may be remitted already', () =>
    given().when(record({ status: '已匯款' })).thenFacts(recorded({ status: '已匯款' })));

  it('needs no invoice: persons give none', () =>
    given().when(record({ invoices: [] })).thenFacts(recorded({ invoices: [] })));

  it('may come without phone, receipt number and purpose', () => {
    const bare = { agencyPhone: '', treasuryReceiptNo: '', purpose: '' };
    given().when(record(bare)).thenFacts(recorded(bare));
  });

  it('says nothing when the same is delivered again, in another batch and whatever happened since', () => {
    given(recorded()).when(record({ batchId: 'batch-2' })).thenNothing();
    given(recorded(), remitted(), returned(), chequeIssued()).when(record()).thenNothing();
  });

  it('compares with what was delivered, not with what was corrected since', () => {
    given(recorded(), corrected()).when(record()).thenNothing();
    given(recorded(), corrected()).when(record({ purpose: '辦公用品' })).thenRefused('payment/different-content');
  });

  const [invoice, second] = delivered().invoices as [Invoice, Invoice];
  it.each<Partial<PaymentRecorded['data']>>([
    { agencyCode: '1711' }, { agencyName: '另一機關' }, { agencyPhone: '' }, { fiscalYear: 109 },
    { voucherNo: '50012' },
    { seq: '1' }, { paymentDate: '2019-05-11' }, { treasuryReceiptNo: '83001' }, { bankCode: '0041090' },
    { accountNumber: '0109012345678' }, { amount: 22_861 }, { purpose: '' }, { status: '已匯款' },
    { invoices: [] },
    { invoices: [invoice] }, { invoices: [...delivered().invoices].reverse() },
    { invoices: [invoice, { ...invoice, amount: 1 }] },
    ...[{ number: 'KS00000000' }, { date: '2019-04-29' }, { amount: 13_801 }].map((other) =>
      ({ invoices: [invoice, { ...second, ...other }] })),
  ])('refuses a known payment with other content: %j', (changes) =>
    given(recorded()).when(record(changes)).thenRefused('payment/different-content'));

  it('refuses to begin in a later status', () =>
    given().when(record({ status: '退匯' as '待匯款' })).thenRefused('payment/status-not-allowed'));

  it.each([
    { agencyCode: '' }, { voucherNo: ' ' }, { seq: '' }, { agencyName: '' },
    { agencyCode: '\u3000A01' }, { voucherNo: '500123 ' }, { seq: ' 1' },
  ])(
    'refuses a missing or endless text, and a key that only looks like another: %j', (changes) =>
      given().when(record(changes)).thenRefused('payment/invalid-text'));

  it.each([{ agencyCode: 'A\u001f1' }, { agencyName: '示範\u0085' }, { purpose: '文具\0' }])(
    'refuses control characters, and does not call them a matter of length: %j', (changes) =>
      given().when(record(changes)).thenRefused('payment/unprintable-text'));

  it.each([
    ['agencyCode', 20], ['agencyName', 100], ['voucherNo', 40], ['seq', 20], ['agencyPhone', 40],
    ['treasuryReceiptNo', 40], ['purpose', 200],
  ])('takes %s up to its %i characters', (field, longest) => {
    const [full, fuller] = [{ [field]: '1'.repeat(longest) }, { [field]: '1'.repeat(longest + 1) }];
    given().when(record(full)).thenFacts(recorded(full));
    given().when(record(fuller)).thenRefused('payment/invalid-text');
  });

  it('refuses more than 1,000 invoices', () => {
    const full = Array<Invoice>(1_000).fill(invoice);
    given().when(record({ invoices: full })).thenFacts(recorded({ invoices: full }));
    given().when(record({ invoices: [...full, invoice] })).thenRefused('payment/invalid-invoice');
  });

  it.each([0, 1_000, 108.5])('refuses %p as 會計年度', (fiscalYear) =>
    given().when(record({ fiscalYear })).thenRefused('payment/invalid-year'));

  it.each(['1080510', '2019-02-29', ''])('refuses %j as the day of payment', (paymentDate) =>
    given().when(record({ paymentDate })).thenRefused('payment/invalid-date'));

  it.each([0, -1, 0.5, 2 ** 53, NaN])('refuses %p as an amount', (amount) =>
    given().when(record({ amount })).thenRefused('payment/invalid-amount'));

  it('refuses what is no bank code or account number', () => {
    given().when(record({ bankCode: '004' })).thenRefused('payment/invalid-bank-code');
    given().when(record({ accountNumber: '12-3' })).thenRefused('payment/invalid-account-number');
  });

  it.each([{ number: 'KS1' }, { date: '2019-02-30' }, { amount: -1 }, { amount: 2 ** 53 }])(
    'refuses an invoice with %j', (changes) =>
      given().when(record({ invoices: [{ ...invoice, ...changes }] }))
        .thenRefused('payment/invalid-invoice'));
});

describe('the history of a payment', () => {
  it('begins with the status it was delivered in, on the day of payment', () => {
    const state = fold(paymentDecider, [recorded(), remitted(), returned({ explanation: '查無此帳號' })]);
    expect(state.status === 'none' ? [] : historyOf(state)).toStrictEqual([
      { status: '待匯款', on: '2019-05-10' },
      { status: '已匯款', on: '2019-05-13' },
      { status: '退匯', on: '2019-05-15', reason: '帳號錯誤', note: '查無此帳號' },
    ]);
  });
});
