import type { StoredFact } from '../../application/event-log.js';
import { accountKey } from '../../domain/identifiers/account-number.js';
import type { FactOf } from '../../domain/facts.js';
import type {
  Invoice, PaymentDetails, PaymentStatus, RemittanceReturned,
} from '../../domain/payments/payment.events.js';
import type { Projection } from '../projection.js';
import { ownRows } from '../viewer.js';

/**
 * One row per payment and invoice; a payment without invoices is one row without invoice (PRODUCT decision
 * 1).
 */
export type ReconciliationRow = {
  readonly amount: number;
  readonly invoice_amount: number | null;
  /** Position of the fact that recorded the payment: breaks ties, and never moves. */
  readonly ordinal: string;
  readonly line: number;
  readonly payment_date: string;
  /**
   * Null while the payment is in its first status: that one dates from the payment date, corrected or not.
   */
  readonly status_date: string | null;
  readonly invoice_date: string | null;
  /** 民國 year. */
  readonly fiscal_year: number;
  readonly payment_id: string;
  readonly account_key: string;
  readonly bank_code: string;
  readonly account_number: string;
  readonly agency_code: string;
  readonly agency_name: string;
  readonly agency_phone: string;
  readonly status: PaymentStatus;
  readonly return_reason: string | null;
  readonly voucher_no: string;
  readonly seq: string;
  readonly treasury_receipt_no: string;
  readonly invoice_number: string | null;
  readonly purpose: string;
};

/** What no correction touches. */
type Standing =
  Pick<ReconciliationRow, 'payment_id' | 'ordinal' | 'status' | 'status_date' | 'return_reason'>;

const sees = [
  'PaymentRecorded', 'RemittanceRecorded', 'RemittanceReturned', 'PaymentReissued',
  'ChequeIssuedInstead', 'PaymentCancelled', 'PaymentCorrected',
] as const;
type Seen = (typeof sees)[number];

type Rows = readonly ReconciliationRow[];

export const reconciliation: Projection<ReconciliationRow, Seen> = {
  name: 'reconciliation',
  version: 1,
  // Eight-byte columns first, then four, then the rest: no row carries padding.
  columns: {
    amount: 'money', invoice_amount: 'money', ordinal: 'position',
    line: 'integer', payment_date: 'date', status_date: 'date', invoice_date: 'date', fiscal_year: 'integer',
    payment_id: 'uuid', account_key: 'code', bank_code: 'code', account_number: 'code', agency_code: 'code',
    agency_name: 'text', agency_phone: 'text', status: 'code', return_reason: 'text', voucher_no: 'code',
    seq: 'code', treasury_receipt_no: 'code', invoice_number: 'code', purpose: 'text',
  },
  nullable: ['invoice_amount', 'invoice_date', 'invoice_number', 'status_date', 'return_reason'],
  primaryKey: ['payment_id', 'line'],
  groupColumn: 'payment_id',
  indexes: {
    // Pages are read in its order; totals never leave it.
    by_account: '(account_key, payment_date, ordinal, line) INCLUDE (amount, status)',
    by_invoice: '(invoice_number, account_key) WHERE invoice_number IS NOT NULL',
  },
  rowsFor: { person: ownRows.inAccounts('account_key'), staff: 'all' },
  sees,
  groupOf: (fact) => fact.data.paymentId,
  evolve,
};

function evolve(rows: Rows, fact: StoredFact<FactOf<Seen>>): Rows {
  switch (fact.type) {
    case 'PaymentRecorded': return recorded(fact);
    case 'RemittanceRecorded': return changed(rows, '已匯款', fact.data.remittedOn);
    case 'RemittanceReturned': return changed(rows, '退匯', fact.data.returnedOn, returnReasonOf(fact.data));
    case 'PaymentReissued': return changed(rows, '重匯', fact.data.reissuedOn);
    case 'ChequeIssuedInstead': return changed(rows, '改簽支票', fact.data.issuedOn);
    case 'PaymentCancelled': return changed(rows, '註銷', fact.data.cancelledOn);
    case 'PaymentCorrected': {
      const [first] = rows;
      if (!first) throw new Error(`payment ${fact.data.paymentId} is corrected before it was recorded`);
      return shaped(first, { ...detailsOf(first, rows), ...fact.data.correction });
    }
  }
}

const recorded = ({ data, position }: StoredFact<FactOf<'PaymentRecorded'>>): Rows => shaped({
  payment_id: data.paymentId, ordinal: position, status: data.status, status_date: null, return_reason: null,
}, data);

/** The reason belongs to 退匯 alone: a payment sent again or replaced is no longer a returned one. */
function changed(rows: Rows, status: PaymentStatus, on: string, reason: string | null = null): Rows {
  if (rows.length === 0) throw new Error(`${status} before the payment was recorded`);
  return rows.map((row) => ({ ...row, status, status_date: on, return_reason: reason }));
}

const returnReasonOf = ({ reason, explanation }: RemittanceReturned['data']): string =>
  explanation ? `${reason}：${explanation}` : reason;

function shaped(standing: Standing, details: PaymentDetails): Rows {
  const key = accountKey(details.bankCode, details.accountNumber);
  if (details.invoices.length === 0) return [rowOf(standing, details, key, 0)];
  return details.invoices.map((_, line) => rowOf(standing, details, key, line));
}

/**
 * One literal: a rebuild makes millions of rows, and spreading twenty columns costs more than all the rest.
 */
function rowOf(standing: Standing, details: PaymentDetails, key: string, line: number): ReconciliationRow {
  const invoice = details.invoices[line];
  return {
    amount: details.amount,
    invoice_amount: invoice ? invoice.amount : null,
    ordinal: standing.ordinal,
    line,
    payment_date: details.paymentDate,
    status_date: standing.status_date,
    invoice_date: invoice ? invoice.date : null,
    fiscal_year: details.fiscalYear,
    payment_id: standing.payment_id,
    account_key: key,
    bank_code: details.bankCode,
    account_number: details.accountNumber,
    agency_code: details.agencyCode,
    agency_name: details.agencyName,
    agency_phone: details.agencyPhone,
    status: standing.status,
    return_reason: standing.return_reason,
    voucher_no: details.voucherNo,
    seq: details.seq,
    treasury_receipt_no: details.treasuryReceiptNo,
    invoice_number: invoice ? invoice.number : null,
    purpose: details.purpose,
  };
}

function detailsOf(payment: ReconciliationRow, rows: Rows): PaymentDetails {
  return {
    amount: payment.amount,
    paymentDate: payment.payment_date,
    fiscalYear: payment.fiscal_year,
    bankCode: payment.bank_code,
    accountNumber: payment.account_number,
    agencyCode: payment.agency_code,
    agencyName: payment.agency_name,
    agencyPhone: payment.agency_phone,
    voucherNo: payment.voucher_no,
    seq: payment.seq,
    treasuryReceiptNo: payment.treasury_receipt_no,
    purpose: payment.purpose,
    invoices: rows.flatMap(invoiceOf),
  };
}

function invoiceOf(row: ReconciliationRow): Invoice[] {
  const { invoice_number: number, invoice_date: date, invoice_amount: amount } = row;
  return number === null || date === null || amount === null ? [] : [{ number, date, amount }];
}
