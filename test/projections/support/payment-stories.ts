import fc from 'fast-check';
import { paymentIdOf, paymentStream } from '../../../src/application/stream-names.js';
import type { DomainFact } from '../../../src/domain/facts.js';
import type {
  FirstStatus, Invoice, PaymentCorrection, PaymentDetails, PaymentStatus,
} from '../../../src/domain/payments/payment.events.js';

/** What became of a payment, told simply; facts and expected rows both follow from it. */
export interface PaymentStory {
  readonly paymentId: string;
  readonly details: PaymentDetails;
  readonly first: FirstStatus;
  readonly ending: 'none' | 'returned' | 'reissued' | 'cheque' | 'cancelled';
  readonly correction: PaymentCorrection | null;
}

export const storyAccounts = [
  ['0040037', '12345678'], ['0040037', '00000000012345'], ['0050015', '1'], ['7000021', '00012340056789'],
  ['7000021', '00012340056790'], ['8120001', '20240510'], ['8220901', '99999999999999'],
  ['0052221', '31415926'],
] as const;
export const storyAgencies =
  ['財政部國庫署', '財政部', '教育部體育署', '國立臺灣大學', '內政部警政署刑事警察局'] as const;
/** Few values, so that filters hit bounds and payments tie. */
export const storyAmounts = [100, 200, 300, 12_301, 22_860, 51_445] as const;
export const storyInvoices = ['AB12345678', 'AB12345679', 'CD00000001', 'CD00000002', 'ZZ99999999'] as const;
export const storyDays = Array.from({ length: 40 }, (_, i) =>
  new Date(Date.UTC(2024, 4, 1 + i)).toISOString().slice(0, 10));

const invoice: fc.Arbitrary<Invoice> = fc.record({
  number: fc.constantFrom(...storyInvoices), date: fc.constantFrom(...storyDays),
  amount: fc.constantFrom(...storyAmounts),
});
const invoices = fc.array(invoice, { maxLength: 3 });

const correctable = fc.record({
  agencyName: fc.constantFrom(...storyAgencies), paymentDate: fc.constantFrom(...storyDays),
  amount: fc.constantFrom(...storyAmounts), invoices, account: fc.constantFrom(...storyAccounts),
}, { requiredKeys: [] });

const story = fc.record({
  agencyName: fc.constantFrom(...storyAgencies), paymentDate: fc.constantFrom(...storyDays),
  amount: fc.constantFrom(...storyAmounts), invoices, account: fc.constantFrom(...storyAccounts),
  first: fc.constantFrom<FirstStatus>('待匯款', '已匯款'),
  ending: fc.constantFrom<PaymentStory['ending']>(
    'none', 'none', 'none', 'returned', 'reissued', 'cheque', 'cancelled'),
  correction: fc.option(correctable, { freq: 4 }),
});

export function paymentStories(count: number, seed: number): PaymentStory[] {
  return fc.sample(story, { numRuns: count, seed }).map((drawn, i) => {
    const { account, first, ending, correction, ...told } = drawn;
    const voucherNo = String(i).padStart(8, '0');
    const identity = { agencyCode: 'A01010000G', fiscalYear: 113, voucherNo, seq: '001' };
    const { account: moved, ...corrected } = correction ?? {};
    return {
      paymentId: paymentIdOf(identity),
      details: {
        ...identity, ...told, agencyPhone: '02-2322-8000', treasuryReceiptNo: `R${i}`, bankCode: account[0],
        accountNumber: account[1], purpose: `採購 "第${i}批" \\N`,
      },
      first, ending,
      correction: correction && {
        ...corrected, ...(moved && { bankCode: moved[0], accountNumber: moved[1] }),
      },
    };
  });
}

const on = { remitted: '2024-06-20', returned: '2024-06-22', settled: '2024-06-25' };

export const storyStream = ({ paymentId }: PaymentStory): string => paymentStream(paymentId);

export function factsOf({ paymentId, details, first, ending, correction }: PaymentStory): DomainFact[] {
  const batchId = 'batch-1';
  const recorded = { ...details, paymentId, status: first, batchId };
  const facts: DomainFact[] = [{ type: 'PaymentRecorded', data: recorded }];
  if (ending !== 'none' && first === '待匯款') {
    facts.push({ type: 'RemittanceRecorded', data: { paymentId, remittedOn: on.remitted, batchId } });
  }
  if (correction) {
    const correctedAt = '2024-06-21T00:00:00.000Z';
    const data = { paymentId, correction, reason: '更正', correctedBy: 'op', correctedAt };
    facts.push({ type: 'PaymentCorrected', data });
  }
  if (ending !== 'none') {
    const data = { paymentId, reason: '其他', explanation: '查無此人', returnedOn: on.returned, batchId } as const;
    facts.push({ type: 'RemittanceReturned', data });
  }
  if (ending === 'reissued') {
    facts.push({ type: 'PaymentReissued', data: { paymentId, reissuedOn: on.settled, batchId } });
  }
  if (ending === 'cheque') {
    facts.push({ type: 'ChequeIssuedInstead', data: { paymentId, issuedOn: on.settled, batchId } });
  }
  if (ending === 'cancelled') {
    const data = { paymentId, cancelledOn: on.settled, reason: '契約終止', batchId };
    facts.push({ type: 'PaymentCancelled', data });
  }
  return facts;
}

export interface Ended {
  readonly details: PaymentDetails;
  readonly status: PaymentStatus;
  readonly statusDate: string;
  readonly returnReason: string | null;
}

/** How a payment stands when its story is told to the end. */
export function ended({ details, first, ending, correction }: PaymentStory): Ended {
  const now = { ...details, ...correction };
  switch (ending) {
    case 'none': return { details: now, status: first, statusDate: now.paymentDate, returnReason: null };
    case 'returned':
      return { details: now, status: '退匯', statusDate: on.returned, returnReason: '其他：查無此人' };
    case 'reissued': return { details: now, status: '重匯', statusDate: on.settled, returnReason: null };
    case 'cheque': return { details: now, status: '改簽支票', statusDate: on.settled, returnReason: null };
    case 'cancelled': return { details: now, status: '註銷', statusDate: on.settled, returnReason: null };
  }
}
