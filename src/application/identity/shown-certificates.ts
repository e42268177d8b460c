import type { CertificateSignInCommand } from '../../domain/identity/certificate-sign-in.js';
import { certificateSignInDecider } from '../../domain/identity/certificate-sign-in.js';
import type { CertificatePurpose } from '../../domain/identity/certificate-sign-in.events.js';
import type { CommandContext } from '../command-context.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { certificateSignInStream } from '../stream-names.js';
import { isSameName, nameOfApplicant } from './applicant-name.js';
import type { IdentityStores, Person } from './identity-stores.js';
import { stepOf } from './registrations.js';
import type { CertifiedPerson } from './verified-certificate.js';

/** Somebody under the typed number, and whether the certificate has the name we know them by. */
export interface KnownPerson { readonly person: Person | null; readonly isSame: boolean }

export async function personOf(
  stores: IdentityStores, { idNumber, name }: CertifiedPerson,
): Promise<KnownPerson> {
  const person = await stores.people.find(idNumber);
  const known = person && await nameOfApplicant(stores, person.applicantId);
  return { person, isSame: typeof known === 'string' && isSameName(known, name) };
}

export interface Showing { readonly context: CommandContext; readonly purpose: CertificatePurpose }

interface Holder { readonly personId: string; readonly memberId: string | null }

export const acceptCertificate = (
  stores: IdentityStores, showing: Showing, who: Holder,
): Promise<Outcome<never>> => {
  const { personId, memberId } = who;
  return recorded(stores, showing, { type: 'AcceptCertificate', ...attempt(showing), personId, memberId });
};

/** Whoever is unknown has nobody to be told. */
export async function refuseCertificate(
  stores: IdentityStores, showing: Showing, person: Person | null,
): Promise<void> {
  if (!person) return;
  const { personId } = person;
  await recorded(
    stores, showing, { type: 'RefuseCertificate', ...attempt(showing), personId, reason: 'other-name' });
}

const attempt = ({ context: { commandId, at }, purpose }: Showing) =>
  ({ attemptId: commandId, purpose, at });

const recorded = (
  { log }: IdentityStores, { context }: Showing, command: CertificateSignInCommand,
): Promise<Outcome<never>> =>
  handle(log, certificateSignInDecider, certificateSignInStream(command.personId), {
    command, meta: stepOf(context, 'attempt'),
  });
