import fc from 'fast-check';
import { BatchErrors } from '../../src/application/payment-batches/batch-errors.js';
import type { BatchLine, PaymentLine } from '../../src/application/payment-batches/batch-lines.js';
import { isRefusal } from '../../src/domain/decider.js';
import type { PaymentFact } from '../../src/domain/payments/payment.events.js';
import { paymentStatuses, returnReasons } from '../../src/domain/payments/payment.events.js';
import type { PaymentState } from '../../src/domain/payments/payment.js';
import { paymentDecider } from '../../src/domain/payments/payment.js';
import { PaymentRecords } from '../../src/infrastructure/batches/payment-records.js';
import { schemaOf, toStored } from '../../src/infrastructure/event-store/schema/registry.js';

/** Right, nearly right, and anything a keyboard, a legacy system or an attacker may put there. */
const anything = fc.oneof(
  fc.constantFrom('', ' ', '　', '1', '示範', '😀', '\u0000', '\u001e', '\u001f', '\u0085', '\u2028'),
  fc.constantFrom('\ufeff', '\ud800', 'x'.repeat(20), 'x'.repeat(21), '很'.repeat(200), 'x'.repeat(201)),
  fc.constantFrom('"', '\\', '第1行\r\n第2行'),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
);
const mostly = (...right: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: anything });
const day = mostly('2026-10-01', '115/10/01', '1151001', '2026-02-29', '9999-12-31', '001/01/01');
const year = mostly('115', '1', '999', '0', '1000', '01');

const paymentRecord = fc.tuple(
  fc.constant('P'), mostly('A1', '0'), mostly('示範機關'), mostly('', '02-0000-0000'), year, mostly('V1'),
  mostly('1'), day, mostly('', '080001'), mostly('0040037'), mostly('1', '00300123456789'),
  mostly('1', '9007199254740991'), mostly('待匯款', '已匯款'), anything);
const invoiceRecord = fc.tuple(
  fc.constant('I'), mostly('ZA12345678'), day, mostly('0', '9007199254740991'));
const statusRecord = fc.tuple(
  fc.constant('S'), mostly('A1'), year, mostly('V1'), mostly('1'), mostly(...paymentStatuses), day,
  fc.oneof(mostly('', ...returnReasons), anything.map((words) => `其他：${words}`), anything));

/** The facts a line would leave; none where it is refused. */
function factsOf(line: BatchLine | null, state: PaymentState): readonly PaymentFact[] {
  if (line === null) return [];
  const decision = paymentDecider.decide(line.command, state);
  return isRefusal(decision) ? [] : decision;
}
const store = (facts: readonly PaymentFact[]): void => {
  for (const { type, data } of facts) toStored(schemaOf(type), data);
};

/** What would be taken for something else where lines are staged. */
const separators = /[\u001e\u001f\0]/;

const newRecords = (): PaymentRecords => new PaymentRecords(new Set(['0040037']), new BatchErrors());

/** The payment, if its records are right by themselves. */
function readPayment(
  payment: readonly string[], invoices: readonly (readonly string[])[],
): PaymentLine | null {
  const records = newRecords();
  const draft = records.readPayment(payment, 2, 'B-1');
  const read = invoices.map((invoice) => records.readInvoice(invoice, 3));
  draft.invoices.push(...read.filter((invoice) => invoice !== null));
  return draft.wrong || read.includes(null) ? null : draft.payment;
}
const right = ['P', 'A1', '示範機關', '', '115', 'V1', '1', '001/01/01', '', '0040037', '1', '1', '已匯款', ''];
const [recorded] = factsOf(readPayment(right, []), paymentDecider.initial);
const known = paymentDecider.evolve(paymentDecider.initial, recorded);

describe('whatever a file says, what is accepted can be stored', () => {
  const invoiceRecords = fc.array(invoiceRecord, { maxLength: 3 });

  it('of a payment with its invoices', () => {
    let accepted = 0;
    fc.assert(fc.property(paymentRecord, invoiceRecords, (payment, invoices) => {
      const facts = factsOf(readPayment(payment, invoices), paymentDecider.initial);
      accepted += facts.length;
      store(facts);
    }), { numRuns: 3_000, seed: 1 });
    expect(accepted).toBeGreaterThan(300);
  });

  it('of a later status', () => {
    let accepted = 0;
    fc.assert(fc.property(statusRecord, fc.constantFrom(...paymentStatuses), (record, status) => {
      const state = { ...known, status } as PaymentState;
      const line = newRecords().readStatus(record, 2, 'B-1');
      if (line) for (const field of record) expect(field).not.toMatch(separators);
      const facts = factsOf(line, state);
      accepted += facts.length;
      store(facts);
    }), { numRuns: 6_000, seed: 2 });
    expect(accepted).toBeGreaterThan(300);
  });

  it('and reads the same from where it was staged, its fields apart', () => {
    fc.assert(fc.property(paymentRecord, invoiceRecords, (payment, invoices) => {
      const line = readPayment(payment, invoices);
      if (!line) return;
      for (const field of [payment, ...invoices].flat()) expect(field).not.toMatch(separators);
      expect(newRecords().readAgain([payment, ...invoices], 2, 'B-1')).toEqual(line);
    }), { numRuns: 2_000, seed: 3 });
  });
});
