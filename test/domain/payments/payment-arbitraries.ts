import fc from 'fast-check';
import type { PaymentCommand } from '../../../src/domain/payments/payment.js';
import { firstStatuses, returnReasons } from '../../../src/domain/payments/payment.events.js';
import { batchId, delivered } from './payment-samples.js';

/** Few values, so that commands meet; now and then one that no file should hold. */
const day = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 10, max: 20 }).map((date) => `2019-05-${date}`) },
  { weight: 1, arbitrary: fc.string() });
const amount =
  fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 100_000 }) }, { weight: 1, arbitrary: fc.double() });
const words = fc.option(fc.constantFrom('', '附言'), { nil: undefined });
const invoice = fc.record({ number: fc.constantFrom('KS12345678', 'JD68723001', 'X'), date: day, amount });

export function paymentCommand(paymentId: string): fc.Arbitrary<PaymentCommand> {
  const payment = fc.record({
    status: fc.constantFrom(...firstStatuses), amount, purpose: fc.constantFrom('文具用品', ''),
    invoices: fc.array(invoice, { maxLength: 2 }),
  }).map((changes) => delivered({ ...changes, paymentId }));
  const known = { paymentId: fc.constant(paymentId), batchId: fc.constant(batchId), on: day };
  const correction = fc.record({
    amount, bankCode: fc.constantFrom('0040037', '0041090', ''), paymentDate: day,
    invoices: fc.array(invoice, { maxLength: 2 }),
  }, { requiredKeys: [] });
  return fc.oneof(
    fc.record({ type: fc.constant('RecordPayment' as const), payment }),
    fc.record({ ...known, type: fc.constant('RecordRemittance' as const), note: words }),
    fc.record({
      ...known, type: fc.constant('RecordReturn' as const), reason: fc.constantFrom(...returnReasons),
      explanation: words,
    }),
    fc.record({ ...known, type: fc.constant('Reissue' as const), note: words }),
    fc.record({ ...known, type: fc.constant('IssueChequeInstead' as const), note: words }),
    fc.record({ ...known, type: fc.constant('CancelPayment' as const), reason: fc.constantFrom('', '誤付') }),
    fc.record({
      type: fc.constant('CorrectPayment' as const), paymentId: fc.constant(paymentId), correction,
      bank: fc.constantFrom(null, { exists: true }, { exists: false }),
      reason: fc.constantFrom('誤植', ' '), by: fc.constant('chen'),
      at: fc.constant('2019-06-01T01:00:00.000Z'),
    }),
  );
}
