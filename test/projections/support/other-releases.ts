import { DomainEventLog } from '../../../src/infrastructure/event-store/domain-event-log.js';
import type { EventStore } from '../../../src/infrastructure/event-store/event-store.js';
import type { Projection } from '../../../src/projections/projection.js';
import { healing, replacing } from './faulty-log.js';
import { newPayments } from './counted-facts.js';
import type { ReadSide } from './read-side.js';

const [payment] = [...newPayments(1).values()].flat();

/** An event of a release that is yet to come: this one has never heard of its name. */
export const foreseen = { type: 'PaymentForeseen', version: 2, payload: JSON.stringify(payment?.data) };

/** As the release to come follows the log: what was foreseen is a payment to its tables. */
export function newRelease({ store, keys, ...side }: ReadSide): ReadSide {
  const healed = healing(store, { type: foreseen.type }, { type: 'PaymentRecorded' });
  return { ...side, keys, store: healed, log: new DomainEventLog(healed, keys) };
}

/** A store that is asked for what is wanted, instead of being told what may be passed over. */
export function wanting(store: EventStore, { sees }: Pick<Projection, 'sees'>): EventStore {
  async function* wanted<Item extends object>(items: AsyncIterable<Item>): AsyncIterable<Item> {
    for await (const item of items) {
      if (!('type' in item) || (sees as readonly unknown[]).includes(item.type)) yield item;
    }
  }
  return replacing(store, { subscribe: (after, options) => wanted(store.subscribe(after, options)) });
}
