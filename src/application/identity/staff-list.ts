import type { StaffListFact, StaffMemberAdded, StaffRole } from '../../domain/identity/staff-list.events.js';
import type { EventLog, StoredFact } from '../event-log.js';
import type { PersonalKeys, SealedField, Unsealed } from '../personal-keys.js';
import { staffListStream } from '../stream-names.js';

export interface StaffListParts { readonly log: EventLog; readonly keys: PersonalKeys }

/** What names one certificate for good. */
export interface CertificateName { readonly issuer: string; readonly serialNumber: string }

/** A base64 text and a hexadecimal number: no space stands in either. */
export const textOfCertificate = ({ issuer, serialNumber }: CertificateName): string =>
  `${issuer} ${serialNumber}`;

export interface StaffMember {
  readonly memberId: string;
  readonly roles: readonly StaffRole[];
  readonly certificate: string;
  readonly idNumber: string;
  readonly name: string;
  readonly addedBy: string;
  readonly addedAt: string;
}

type Added = StoredFact & StaffMemberAdded;

/** Entries that were not removed, as they stand, still sealed. */
async function entries({ log }: StaffListParts): Promise<readonly Added[]> {
  const found = new Map<string, Added>();
  for await (const fact of log.readStream(staffListStream)) {
    const { type, data } = fact as unknown as StaffListFact;
    if (type === 'StaffMemberAdded') found.set(data.memberId, fact as unknown as Added);
    else found.delete(data.memberId);
  }
  return [...found.values()];
}

const personal = ['certificate', 'idNumber', 'name'] as const;

/** Everybody on the list, opened. A few hundred at most, and all of them have to be looked at. */
export async function staffMembers(parts: StaffListParts): Promise<readonly StaffMember[]> {
  const listed = await entries(parts);
  const opened = await parts.keys.unsealAll(listed.flatMap(sealedFields));
  return listed.map(({ data: { memberId, roles, addedBy, addedAt } }, index) => {
    const [certificate, idNumber, name] = opened.slice(index * personal.length).map(plainOf);
    return {
      memberId, roles, addedBy, addedAt, certificate: certificate ?? '', idNumber: idNumber ?? '',
      name: name ?? '',
    };
  });
}

const sealedFields = ({ data, stream, id: eventId }: Added): readonly SealedField[] =>
  personal.map((field) => {
    const value = data[field];
    if (!('sealed' in value)) throw new Error('what was stored is sealed');
    return { token: value.sealed, at: { stream, eventId, field } };
  });

/** An entry whose key is gone is nobody's any more. */
const plainOf = (unsealed: Unsealed): string => ('plain' in unsealed ? unsealed.plain : '');

/** The entry for exactly this certificate in the hands of exactly this person. */
export async function staffMemberWith(
  parts: StaffListParts, certificate: CertificateName, idNumber: string,
): Promise<StaffMember | null> {
  const text = textOfCertificate(certificate);
  const members = await staffMembers(parts);
  return members.find((member) => member.certificate === text && member.idNumber === idNumber) ?? null;
}

/** None from the moment of being removed on. Read from the log itself, at every request. */
export async function staffRolesOf(parts: StaffListParts, memberId: string): Promise<readonly StaffRole[]> {
  return (await entries(parts)).find(({ data }) => data.memberId === memberId)?.data.roles ?? [];
}
