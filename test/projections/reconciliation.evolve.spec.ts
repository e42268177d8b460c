import type { DomainFact, FactOf } from '../../src/domain/facts.js';
import type { PaymentCorrection } from '../../src/domain/payments/payment.events.js';
import type { ReconciliationRow } from '../../src/projections/reconciliation/reconciliation.projection.js';
import { reconciliation } from '../../src/projections/reconciliation/reconciliation.projection.js';
import { paymentRecorded, rowsAfter } from './support/stored.js';

const recorded = paymentRecorded();
const { paymentId } = recorded.data;
const twoInvoices = [
  { number: 'AB12345678', date: '2024-05-01', amount: 20_000 },
  { number: 'AB12345679', date: '2024-05-02', amount: 2_860 },
];

const after = (...facts: DomainFact[]): readonly ReconciliationRow[] => rowsAfter(reconciliation, ...facts);
const remitted: FactOf<'RemittanceRecorded'> =
  { type: 'RemittanceRecorded', data: { paymentId, remittedOn: '2024-05-13', batchId: 'b-2' } };
const returned: FactOf<'RemittanceReturned'> = {
  type: 'RemittanceReturned', data: { paymentId, reason: '帳號錯誤', returnedOn: '2024-05-15', batchId: 'b-3' },
};
const corrected = (correction: PaymentCorrection): FactOf<'PaymentCorrected'> => ({
  type: 'PaymentCorrected',
  data: { paymentId, correction, reason: '登錄錯誤', correctedBy: 'op', correctedAt: '2024-05-20T01:00:00.000Z' },
});

describe('the rows of a payment', () => {
  it('are one without invoice columns when it has no invoice', () => {
    expect(after(recorded)).toEqual([{
      payment_id: paymentId, ordinal: '1', line: 0, amount: 22_860, payment_date: '2024-05-10',
      status_date: null, fiscal_year: 113, account_key: '004003700000012345678', bank_code: '0040037',
      account_number: '12345678',
      agency_code: 'A01010000G', agency_name: '財政部國庫署', agency_phone: '02-23228000', status: '已匯款',
      return_reason: null, voucher_no: '00000052', seq: '001',
      treasury_receipt_no: '0001234', purpose: '影印機租金',
      invoice_amount: null, invoice_date: null, invoice_number: null,
    }]);
  });

  it('are one per invoice, in the order delivered', () => {
    expect(after(paymentRecorded({ invoices: twoInvoices }))).toMatchObject([
      {
        line: 0, amount: 22_860,
        invoice_number: 'AB12345678', invoice_date: '2024-05-01', invoice_amount: 20_000,
      },
      {
        line: 1, amount: 22_860,
        invoice_number: 'AB12345679', invoice_date: '2024-05-02', invoice_amount: 2_860,
      },
    ]);
  });

  it('find an account by its padded number and show it as delivered', () => {
    expect(after(paymentRecorded({ accountNumber: '00001234567890' }))).toMatchObject([
      { account_key: '004003700001234567890', account_number: '00001234567890' },
    ]);
  });
});

describe('the status of a payment', () => {
  it('changes in every row, with its date', () => {
    expect(after(paymentRecorded({ status: '待匯款', invoices: twoInvoices }), remitted)).toMatchObject([
      { line: 0, status: '已匯款', status_date: '2024-05-13' },
      { line: 1, status: '已匯款', status_date: '2024-05-13' },
    ]);
  });

  it('tells why it was returned', () => {
    expect(after(recorded, returned)).toMatchObject([
      { status: '退匯', status_date: '2024-05-15', return_reason: '帳號錯誤' },
    ]);
  });

  it('tells why it was returned in the words that came with 其他', () => {
    const otherwise: DomainFact =
      { ...returned, data: { ...returned.data, reason: '其他', explanation: '受款人已歇業' } };
    expect(after(recorded, otherwise)).toMatchObject([{ return_reason: '其他：受款人已歇業' }]);
  });

  it.each([
    ['重匯', { type: 'PaymentReissued', data: { paymentId, reissuedOn: '2024-05-17', batchId: 'b-4' } }],
    ['改簽支票', { type: 'ChequeIssuedInstead', data: { paymentId, issuedOn: '2024-05-17', batchId: 'b-4' } }],
    ['註銷', {
      type: 'PaymentCancelled',
      data: { paymentId, cancelledOn: '2024-05-17', reason: '契約終止', batchId: 'b-4' },
    }],
  ] as const)('%s leaves no return reason behind', (status, fact) => {
    expect(after(recorded, returned, fact)).toMatchObject([
      { status, status_date: '2024-05-17', return_reason: null },
    ]);
  });
});

describe('a correction', () => {
  it('adds the rows of invoices that were forgotten', () => {
    expect(after(recorded, corrected({ invoices: twoInvoices }))).toEqual(
      after(paymentRecorded({ invoices: twoInvoices })));
  });

  it('takes away the rows of invoices that were none', () => {
    const withInvoices = paymentRecorded({ invoices: twoInvoices });
    expect(after(withInvoices, corrected({ invoices: [] }))).toEqual(after(recorded));
  });

  it('keeps the invoices when it is about something else', () => {
    const withInvoices = paymentRecorded({ invoices: twoInvoices });
    expect(after(withInvoices, corrected({ amount: 1, purpose: '更正' }))).toEqual(
      after(paymentRecorded({ invoices: twoInvoices, amount: 1, purpose: '更正' })));
  });

  it('moves the payment to the right account', () => {
    expect(after(recorded, corrected({ bankCode: '7000021', accountNumber: '99' }))).toEqual(
      after(paymentRecorded({ bankCode: '7000021', accountNumber: '99' })));
  });

  it('keeps a status that was given meanwhile, and its date', () => {
    expect(after(recorded, returned, corrected({ paymentDate: '2024-05-09' }))).toMatchObject([
      { payment_date: '2024-05-09', status: '退匯', status_date: '2024-05-15', return_reason: '帳號錯誤' },
    ]);
  });

  it('of the payment date moves the date of the first status with it', () => {
    expect(after(recorded, corrected({ paymentDate: '2024-05-09' }))).toMatchObject([
      { payment_date: '2024-05-09', status: '已匯款', status_date: null },
    ]);
  });
});

it('a payment nobody recorded cannot change', () => {
  expect(() => after(remitted)).toThrow('before the payment was recorded');
  expect(() => after(corrected({ amount: 1 }))).toThrow('before it was recorded');
});
