import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { addToStaffList } from '../application/identity/staff-changes.js';
import { staffRoles } from '../domain/identity/staff-list.events.js';
import type { Config } from '../infrastructure/config.js';
import { identityOptionsOf } from '../infrastructure/config.js';
import type { DemoCard } from '../infrastructure/demo/demo-authority.js';
import { demoCardFile, openDemoAuthority } from '../infrastructure/demo/demo-authority.js';
import type { DemoPrincipal } from '../infrastructure/demo/demo-people.js';
import { demoPeople } from '../infrastructure/demo/demo-people.js';
import { personNamedIn } from '../infrastructure/identity/certificates/named-certificate.js';
import type { Identity, IdentityOptions } from '../infrastructure/identity/open-identity.js';

const directoryOf = ({ DATA_DIR }: Config): string => join(DATA_DIR, 'demo-cards');

/** A demo that is given no authorities to believe makes some, and a card for everybody in it. */
export function identityOptions(config: Config): IdentityOptions {
  const options: IdentityOptions = identityOptionsOf(config);
  if (!config.DEMO || options.trust) return options;
  const cards = demoPeople(config.DEMO_SEED).map(cardOf);
  return { ...options, trust: openDemoAuthority(directoryOf(config), cards, Date.now()) };
}

/** Files are named after whom they are of, which is how somebody looks for them. */
function cardOf({ name, applicant, idNumber = '' }: DemoPrincipal): DemoCard {
  return applicant ? { file: name, kind: applicant.kind, idNumber: applicant.idNumber, name }
    : { file: name, kind: 'person', idNumber, name };
}

/** As `npm run staff` would begin a list. The operator comes last: with one, only operators add. */
export async function listDemoStaff(config: Config, { stores, people }: Identity): Promise<void> {
  const officers = demoPeople(config.DEMO_SEED).filter(({ idNumber }) => idNumber !== undefined);
  const operatorsLast = officers.toSorted((one, other) => rankOf(one) - rankOf(other));
  for (const { id, name, roles, idNumber = '' } of operatorsLast) {
    const certificate = personNamedIn(readFileSync(demoCardFile(directoryOf(config), name)), idNumber);
    if (typeof certificate === 'string') throw new Error(`the card of ${name} is refused: ${certificate}`);
    await people.enter(idNumber, randomUUID(), id);
    const held = staffRoles.filter((role) => roles.includes(role));
    const adder = { through: 'command-line' as const, by: 'demo', isOwn: async () => false };
    // An earlier start may have added them; that is refused, and well.
    const member = { memberId: randomUUID(), certificate, idNumber, name, roles: held };
    await addToStaffList(stores, member, adder, {
      commandId: randomUUID(), fingerprint: 'demo', by: 'demo', at: new Date().toISOString(),
    });
  }
}

const rankOf = ({ roles }: DemoPrincipal): number => (roles.includes('operator') ? 1 : 0);
