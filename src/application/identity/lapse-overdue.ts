import type { CommandContext } from '../command-context.js';
import { nameBasedUuid, namespaceOf } from '../name-based-uuid.js';
import { lapseRegistration } from './erase-registration.js';
import type { IdentityStores } from './identity-stores.js';

const sweepNamespace = namespaceOf('07d43fdf-8d74-47ae-a8d8-0997a95d43db');
/** So many at once; the rest waits for the next round. */
const most = 100;

/**
 * Erases what was applied for and not confirmed in five days. Nothing depends on when it runs: whether an
 * application is still open is decided by its deadline.
 */
export async function lapseOverdue(stores: IdentityStores, at: string): Promise<number> {
  const overdue = await stores.people.overdue(at, most);
  for (const whose of overdue) {
    const context: CommandContext = {
      principal: { id: 'registration-sweeper', roles: [] }, at, fingerprint: 'sweep',
      commandId: nameBasedUuid(sweepNamespace, whose.registrationId),
    };
    await lapseRegistration(stores, context, whose, 'deadline-passed');
  }
  return overdue.length;
}
