interface Payment {
  voucher: string;
  seq: string;
  bank: string;
  account: string;
  amount: number;
  status: string;
  date: string;
  purpose: string;
  invoices: readonly (readonly [number: string, date: string, amount: number])[];
}
interface Later { voucher: string; seq?: string; status: string; date?: string; reason?: string }

export const payment = (voucher: string, changed: Partial<Payment> = {}): Payment => ({
  voucher, seq: '1', bank: '0040037', account: '003001234567', amount: 1_000, status: '已匯款',
  date: '2026-10-01', purpose: '業務費', invoices: [], ...changed,
});

/** A right file, unless a payment is made wrong or the trailer is given. */
export function batch(
  batchId: string, payments: readonly Payment[], later: readonly Later[] = [], trailer?: string,
): string {
  const lines = [`H,1,${batchId},2026-10-30T18:00:00+08:00`];
  for (const { voucher, seq, bank, account, amount, status, date, purpose, invoices } of payments) {
    const fields = [voucher, seq, date, '080001', bank, account, amount, status, purpose];
    lines.push(`P,A1,示範機關,02-0000-0000,115,${fields.join()}`);
    for (const invoice of invoices) lines.push(`I,${invoice.join()}`);
  }
  for (const { voucher, seq = '1', status, date = '2026-10-20', reason = '' } of later) {
    lines.push(`S,A1,115,${voucher},${seq},${status},${date},${reason}`);
  }
  const invoices = payments.reduce((count, each) => count + each.invoices.length, 0);
  const amount = payments.reduce((sum, each) => sum + each.amount, 0);
  lines.push(trailer ?? `T,${payments.length},${invoices},${amount}`);
  return lines.map((line) => `${line}\r\n`).join('');
}
