import { detailProblem } from '../../domain/payments/payment-details.js';
import type { DetailProblem } from '../../domain/payments/payment-details.js';
import type { PaymentDetails } from '../../domain/payments/payment.events.js';

/** Right in every field: what a wrong one is replaced by to see whether more is wrong. */
const faultless: PaymentDetails = {
  agencyCode: '1', agencyName: '1', agencyPhone: '', fiscalYear: 1, voucherNo: '1', seq: '1',
  paymentDate: '1912-01-01', treasuryReceiptNo: '', bankCode: '0000000', accountNumber: '0', amount: 1,
  purpose: '', invoices: [],
};

/**
 * Everything wrong with a payment, where the rule book names only the first thing: a file is mended once, not
 * often.
 */
export function problemsOf(details: PaymentDetails): DetailProblem[] {
  const problems: DetailProblem[] = [];
  let mended = details;
  for (let problem = detailProblem(mended); problem; problem = detailProblem(mended)) {
    problems.push(problem);
    mended = { ...mended, [problem.field]: faultless[problem.field] };
  }
  return problems;
}
