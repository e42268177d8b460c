import fc from 'fast-check';
import type { PaymentBatchCommand } from '../../../src/domain/payment-batches/payment-batch.js';
import { paymentBatchDecider } from '../../../src/domain/payment-batches/payment-batch.js';
import { itIsARuleBook, tell } from '../support/rule-book-properties.js';

const at = fc.constant('2019-05-10T03:00:00.000Z');
const batchId = fc.oneof({ weight: 9, arbitrary: fc.constant('B1') }, { weight: 1, arbitrary: fc.string() });
const file = { batchId, fileHash: fc.constantFrom('aa', 'bb'), by: fc.constant('wu'), at };
const totals = fc.record({ payments: fc.nat(), invoices: fc.nat(), amount: fc.nat() });
const error =
  fc.record({ line: fc.nat(3), code: fc.constantFrom('payment/invalid-date', 'payment/invalid-amount') });

const command: fc.Arbitrary<PaymentBatchCommand> = fc.oneof(
  fc.record({
    ...file, type: fc.constant('AcceptBatch' as const), issuedAt: at, totals, statusChanges: fc.nat(),
  }),
  fc.record({
    ...file, type: fc.constant('RefuseBatch' as const), errors: fc.array(error, { maxLength: 2 }),
    errorCount: fc.nat(),
  }),
  fc.record({
    batchId, at, type: fc.constant('CompleteBatch' as const),
    recorded: fc.record({ payments: fc.nat(), statusChanges: fc.nat(), alreadyKnown: fc.nat() }),
  }),
);

describe('the rules of payment batches', () => {
  itIsARuleBook({
    decider: paymentBatchDecider, command, seed: 1_100_001,
    facts: ['PaymentBatchAccepted', 'PaymentBatchRefused', 'PaymentBatchCompleted'],
  });

  it('accept one file, complete it once, and refuse nothing afterwards', () =>
    fc.assert(fc.property(fc.array(command, { maxLength: 30, size: 'max' }), (commands) => {
      const types = tell(paymentBatchDecider, commands).facts.map(({ type }) =>
        type.slice('PaymentBatch'.length));
      expect(types.join(' ')).toMatch(/^(Refused ?)*(Accepted( Completed)?)?$/);
    }), { seed: 1_100_002, numRuns: 300 }));
});
