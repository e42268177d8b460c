import { randomUUID } from 'node:crypto';
import { paymentIdOf, paymentStream } from '../../../src/application/stream-names.js';
import type { DomainFact } from '../../../src/domain/facts.js';
import type { Projection } from '../../../src/projections/projection.js';
import { paymentRecorded } from './stored.js';

type Counted = { readonly agency: string; readonly facts: number; readonly last: string };

/** A table that forgives nothing: a fact taken in twice, or never, shows in the count for good. */
export const countedFacts: Projection<Counted, 'PaymentRecorded'> = {
  name: 'counted_facts',
  version: 1,
  columns: { agency: 'code', facts: 'integer', last: 'position' },
  nullable: [],
  primaryKey: ['agency'],
  groupColumn: 'agency',
  indexes: {},
  rowsFor: { person: 'none', staff: 'all' },
  sees: ['PaymentRecorded'],
  groupOf: (fact) => fact.data.agencyCode,
  evolve: ([row], fact) =>
    [{ agency: fact.data.agencyCode, facts: (row?.facts ?? 0) + 1, last: fact.position }],
};

/** New payments, by stream. The agencies take turns, so that every batch touches rows of the one before. */
export function newPayments(count: number, agencies = 3): Map<string, DomainFact[]> {
  return new Map(Array.from({ length: count }, (_, i) => {
    const agencyCode = `A${i % agencies}`;
    const identity = { agencyCode, fiscalYear: 113, voucherNo: randomUUID(), seq: '1' };
    return [paymentStream(paymentIdOf(identity)), [paymentRecorded(identity)]];
  }));
}
