/** A made-up payment of ordinary size, one invoice, as a fact. */
export function samplePayment(paymentId, n = 0) {
  return {
    type: 'PaymentRecorded',
    data: {
      paymentId, status: '已匯款', batchId: 'BENCH-1',
      agencyCode: '1710', agencyName: '示範機關國庫署', agencyPhone: '02-2322-8000', fiscalYear: 114,
      voucherNo: String(500000 + (n % 400000)), seq: String(1 + (n % 7)), paymentDate: '2025-05-10',
      treasuryReceiptNo: String(83000 + (n % 9000)), bankCode: '0040037', accountNumber: '00012345678901',
      amount: 22860 + (n % 1000), purpose: '業務費 辦公用品採購',
      invoices: [{ number: 'KS12345678', date: '2025-05-01', amount: 22860 }],
    },
  };
}
