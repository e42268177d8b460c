import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { PaymentDetails, PaymentStatus } from '../../domain/payments/payment.events.js';
import type { ReadStore } from '../projection.js';
import { READ_STORE } from '../projection.js';
import { staff } from '../viewer.js';

/** A payment as it stands now, corrections and all. */
export interface PaymentView extends PaymentDetails {
  readonly paymentId: string;
  readonly status: PaymentStatus;
  readonly statusDate: string;
  readonly returnReason: string | null;
}

export class FindPayment extends Query<PaymentView | null> {
  constructor(readonly asked: { readonly paymentId: string }) { super(); }
}

/** Its rows differ in their invoices alone: the first tells the rest. */
const sql = `
  SELECT json_build_object(
    'paymentId', r.payment_id, 'status', r.status, 'statusDate', coalesce(r.status_date, r.payment_date),
    'returnReason', r.return_reason, 'agencyCode', r.agency_code, 'agencyName', r.agency_name,
    'agencyPhone', r.agency_phone, 'fiscalYear', r.fiscal_year, 'voucherNo', r.voucher_no, 'seq', r.seq,
    'paymentDate', r.payment_date, 'treasuryReceiptNo', r.treasury_receipt_no, 'bankCode', r.bank_code,
    'accountNumber', r.account_number, 'amount', r.amount, 'purpose', r.purpose,
    'invoices', (
      SELECT coalesce(json_agg(json_build_object(
        'number', i.invoice_number, 'date', i.invoice_date, 'amount', i.invoice_amount
      ) ORDER BY i.line), '[]')
      FROM read.reconciliation AS i
      WHERE i.payment_id = $1 AND i.invoice_number IS NOT NULL
    ))::text AS payment
  FROM read.reconciliation AS r
  WHERE r.payment_id = $1 AND r.line = 0`;

@QueryHandler(FindPayment)
export class FindPaymentHandler implements IQueryHandler<FindPayment> {
  constructor(@Inject(READ_STORE) private readonly store: ReadStore) {}

  async execute({ asked }: FindPayment): Promise<PaymentView | null> {
    const [row] = await this.store.query<{ payment: string }>(staff, sql, [asked.paymentId]);
    return row ? (JSON.parse(row.payment) as PaymentView) : null;
  }
}
