import type { PaymentFact } from '../../domain/payments/payment.events.js';
import type { PaymentState } from '../../domain/payments/payment.js';
import { paymentDecider } from '../../domain/payments/payment.js';
import type { EventLog, Revision } from '../event-log.js';
import { noStream } from '../event-log.js';
import { idOfStream, paymentStream } from '../stream-names.js';

export interface KnownState {
  readonly state: PaymentState;
  readonly revision: Revision;
  /** Facts of the command asked about: what an earlier attempt at it already stored. */
  readonly ownFacts: readonly PaymentFact[];
}
export const unknownPayment: KnownState = { state: paymentDecider.initial, revision: noStream, ownFacts: [] };

/** The payments among these that are in the log, as they stand; one read for all of them. */
export async function loadPayments(
  log: EventLog, paymentIds: readonly string[], commandId?: string,
): Promise<Map<string, KnownState>> {
  const known = new Map<string, KnownState>();
  if (paymentIds.length === 0) return known;
  for await (const fact of log.readStreams(paymentIds.map(paymentStream))) {
    const paymentId = idOfStream(fact.stream);
    const { state, ownFacts } = known.get(paymentId) ?? unknownPayment;
    const paymentFact = fact as unknown as PaymentFact;
    known.set(paymentId, {
      state: paymentDecider.evolve(state, paymentFact),
      revision: fact.revision,
      ownFacts: fact.meta.commandId === commandId ? [...ownFacts, paymentFact] : ownFacts,
    });
  }
  return known;
}
