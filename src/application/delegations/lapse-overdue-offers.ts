import type { IdentityStores } from '../identity/identity-stores.js';

/** So many at once; the rest waits for the next round. */
const most = 100;

/**
 * Forgets whom a company invited when nobody came in five days: the key of the address first, and what leads
 * to it last, so that a round that was cut off is made good by the next. No fact: that an offer is over its
 * own deadline says.
 */
export async function lapseOverdueOffers({ tickets, keys }: IdentityStores, at: string): Promise<number> {
  const overdue = await tickets.overdue('delegation-offer', at, most);
  for (const offerId of overdue) {
    await keys.destroy(offerId);
    await tickets.removeAll(offerId);
  }
  return overdue.length;
}
