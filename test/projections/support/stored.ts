import type { StoredFact } from '../../../src/application/event-log.js';
import { paymentIdOf } from '../../../src/application/stream-names.js';
import type { DomainFact, FactOf, FactType } from '../../../src/domain/facts.js';
import type { Projection, Row } from '../../../src/projections/projection.js';

/** A fact as the log hands it out: `nth` in it, said at minute `nth` of a fixed day. */
export function stored<F extends DomainFact>(fact: F, nth: number): StoredFact<F> {
  const at = new Date(Date.UTC(2024, 4, 10, 1, nth)).toISOString();
  const two = String(nth).padStart(2, '0');
  return {
    ...fact, position: String(nth), stream: 'test-00000000-0000-4000-8000-000000000000', revision: nth - 1,
    id: `00000000-0000-5000-8000-0000000000${two}`, meta: { commandId: 'c', by: 'tester', at },
  };
}

/** What a projection's table holds after these facts, when they are all the log has. */
export function rowsAfter<R extends Row, T extends FactType>(
  projection: Projection<R, T>, ...facts: DomainFact[]
): readonly R[] {
  const fold = projection as unknown as Projection<R>;
  return facts.reduce<readonly R[]>((rows, fact, i) => fold.evolve(rows, stored(fact, i + 1)), []);
}

type Recorded = FactOf<'PaymentRecorded'>['data'];

/** A payment like the one in the manual's picture. */
export function paymentRecorded(overrides: Partial<Recorded> = {}): FactOf<'PaymentRecorded'> {
  const identity =
    { agencyCode: 'A01010000G', fiscalYear: 113, voucherNo: '00000052', seq: '001', ...overrides };
  return {
    type: 'PaymentRecorded',
    data: {
      paymentId: paymentIdOf(identity), agencyName: '財政部國庫署', agencyPhone: '02-23228000',
      paymentDate: '2024-05-10', treasuryReceiptNo: '0001234', bankCode: '0040037', accountNumber: '12345678',
      amount: 22_860, purpose: '影印機租金', invoices: [], status: '已匯款', batchId: 'b-1',
      ...identity, ...overrides,
    },
  };
}
