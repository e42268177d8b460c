import type { CommandContext } from '../command-context.js';
import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import { deleteRegistration, dropClaim, lapseRegistration } from './erase-registration.js';
import type { IdentityStores, Overdue } from './identity-stores.js';
import { registrationState } from './registrations.js';

const sweepNamespace = namespaceOf('07d43fdf-8d74-47ae-a8d8-0997a95d43db');
/** So many at once; the rest waits for the next round. */
const most = 100;

/**
 * Erases what was applied for and not confirmed in five days, and brings to its end what a process that died
 * left half done. Nothing depends on when it runs: whether an application is still open is decided by its
 * deadline.
 */
export async function lapseOverdue(stores: IdentityStores, at: string): Promise<number> {
  const overdue = await stores.people.overdue(at, most);
  for (const whose of overdue) await finish(stores, whose, at);
  return overdue.length;
}

/** Whatever it is: an entry that stayed due would be looked at for ever, and keep others from their turn. */
async function finish(stores: IdentityStores, whose: Overdue, at: string): Promise<void> {
  const { registrationId } = whose;
  const context: CommandContext = {
    principal: { id: 'registration-sweeper', roles: [] }, at, fingerprint: 'sweep',
    commandId: nameBasedUuid(sweepNamespace, registrationId),
  };
  const { status } = await registrationState(stores.log, registrationId);
  switch (status) {
    case 'none': return dropClaim(stores, whose);
    case 'applied': case 'lapsed':
      await lapseRegistration(stores, context, whose, 'deadline-passed');
      return;
    case 'confirmed': return stores.people.settled(registrationId);
    case 'deleted':
      await deleteRegistration(stores, context, whose);
  }
}
