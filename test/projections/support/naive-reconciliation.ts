import type {
  ReconciliationFilter, ReconciliationQuestion,
} from '../../../src/projections/reconciliation/find-reconciliations.js';
import type { PaymentStory } from './payment-stories.js';
import { ended } from './payment-stories.js';

export interface AnswerRow {
  readonly paymentId: string;
  readonly accountId: string;
  readonly bankCode: string;
  readonly accountNumber: string;
  readonly agencyCode: string;
  readonly agencyName: string;
  readonly agencyPhone: string;
  readonly status: string;
  readonly statusDate: string;
  readonly returnReason: string | null;
  readonly fiscalYear: number;
  readonly voucherNo: string;
  readonly seq: string;
  readonly paymentDate: string;
  readonly amount: number;
  readonly treasuryReceiptNo: string;
  readonly invoiceDate: string | null;
  readonly invoiceNumber: string | null;
  readonly invoiceAmount: number | null;
  readonly purpose: string;
}
interface Subtotal { readonly accountId: string; readonly payments: number; readonly amount: number }
export interface Answer {
  readonly rows: readonly AnswerRow[];
  readonly totals: { readonly payments: number; readonly amount: number; readonly rows: number } | null;
  readonly subtotals: readonly Subtotal[] | null;
  readonly next: string | null;
}

type Question = Pick<ReconciliationQuestion, 'accounts' | 'filter' | 'sort'>;
interface Placed { readonly key: string; readonly nth: number; readonly row: AnswerRow }

/**
 * Everything that a question matches, as a person with a pencil would find it: no index, no cursor, no SQL.
 */
export function naiveAnswer(stories: readonly PaymentStory[], question: Question): Answer {
  const { accounts, filter, sort } = question;
  const placed = stories.flatMap((story, nth) => rowsOf(story, nth, accounts))
    .filter(({ row }) => matches(row, filter));
  const sorted = placed.sort((a, b) => compare(sortKey(a, sort), sortKey(b, sort)));
  const keys = [...new Set(sorted.map(({ key }) => key))].sort();
  return {
    rows: sorted.map(({ row }) => row),
    totals: { ...sumOf(sorted), rows: sorted.length },
    subtotals: keys.map((key) => {
      const own = sorted.filter((one) => one.key === key);
      return { accountId: own[0]?.row.accountId ?? '', ...sumOf(own) };
    }),
    next: null,
  };
}

function rowsOf(story: PaymentStory, nth: number, accounts: Question['accounts']): Placed[] {
  const { details, status, statusDate, returnReason } = ended(story);
  const { bankCode, accountNumber, agencyCode, agencyName, agencyPhone, paymentDate, amount } = details;
  const key = bankCode + accountNumber.padStart(14, '0');
  const account = accounts.find(({ accountKey }) => accountKey === key);
  if (!account) return [];
  const lines = details.invoices.length > 0 ? details.invoices : [{ number: null, date: null, amount: null }];
  return lines.map((invoice) => ({
    key, nth, row: {
      paymentId: story.paymentId, accountId: account.accountId, bankCode, accountNumber, agencyCode,
      agencyName, agencyPhone, status, statusDate, returnReason, fiscalYear: details.fiscalYear,
      voucherNo: details.voucherNo, seq: details.seq, paymentDate, amount,
      treasuryReceiptNo: details.treasuryReceiptNo,
      invoiceDate: invoice.date, invoiceNumber: invoice.number, invoiceAmount: invoice.amount,
      purpose: details.purpose,
    },
  }));
}

function matches(row: AnswerRow, filter: ReconciliationFilter): boolean {
  const within = (value: number | null, min?: number, max?: number): boolean =>
    (min === undefined && max === undefined)
    || (value !== null && value >= (min ?? value) && value <= (max ?? value));
  return row.paymentDate >= (filter.from ?? '') && row.paymentDate <= (filter.to ?? '9999')
    && alike(row.agencyName).includes(alike(filter.agencyName ?? ''))
    && (filter.statuses === undefined || filter.statuses.some((status) => status === row.status))
    && within(row.amount, filter.amountMin, filter.amountMax)
    && (filter.invoiceNumber === undefined || row.invoiceNumber === filter.invoiceNumber)
    && within(row.invoiceAmount, filter.invoiceAmountMin, filter.invoiceAmountMax);
}

function sumOf(placed: readonly Placed[]): { payments: number; amount: number } {
  const amounts = new Map(placed.map(({ row }) => [row.paymentId, row.amount]));
  return { payments: amounts.size, amount: [...amounts.values()].reduce((sum, amount) => sum + amount, 0) };
}

const sortKey = ({ key, nth, row }: Placed, sort: Question['sort']): readonly (string | number)[] =>
  (sort === 'account-date' ? [key, row.paymentDate, nth] : [row.paymentDate, key, nth]);

/** Equal keys keep their order, which is that of the invoices: sorting is stable. */
function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [i, value] of a.entries()) {
    const other = b[i] as string | number;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

const alike = (name: string): string => name.replaceAll('臺', '台');
