import { randomUUID } from 'node:crypto';
import type { Principal } from '../../../src/application/command-context.js';
import { addToStaffList } from '../../../src/application/identity/staff-changes.js';
import type { StaffRole } from '../../../src/domain/identity/staff-list.events.js';
import type { Service } from '../../http/support/service.js';

export type Headers = Readonly<Record<string, string>>;

/** What a browser on this machine sends with a session's cookie, from a page of the service. */
export const browserHeaders = (token: string): Headers => ({
  cookie: `__Host-session=${token}`, host: 'localhost', origin: 'http://localhost', 'x-treasury-request': '1',
});

/** As a sign-in leaves a person or a company behind. */
export async function signedIn(
  service: Service, { id, applicantId = randomUUID() }: Principal,
): Promise<Headers> {
  const { token } = await service.parts.identity.sessions.begin({ personId: id, applicantId });
  return browserHeaders(token);
}

export interface Member { readonly memberId: string; readonly personId: string }

/** On the staff list, as somebody at the machine begins one and operators go on. */
export async function listed(
  service: Service, idNumber: string, roles: readonly StaffRole[],
): Promise<Member> {
  const memberId = randomUUID();
  const certificate = { issuer: `Issuer${memberId}`, serialNumber: '1' };
  const adder = { through: 'operator', by: randomUUID(), isOwn: async () => false } as const;
  const outcome = await addToStaffList(
    service.parts.identity.stores, { memberId, certificate, idNumber, name: '測試人員', roles }, adder,
    { commandId: randomUUID(), fingerprint: 'f', by: adder.by, at: '2026-03-02T01:00:00.000Z' });
  if (outcome.outcome !== 'done') throw new Error(`not listed: ${JSON.stringify(outcome)}`);
  return { memberId, personId: randomUUID() };
}

export async function signedInAsStaff(service: Service, { memberId, personId }: Member): Promise<Headers> {
  const owner = { personId, applicantId: randomUUID(), memberId, isPayee: false };
  const { token } = await service.parts.identity.sessions.begin(owner);
  return browserHeaders(token);
}
