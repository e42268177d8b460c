import type { AddStaffMember, StaffListRefusal } from '../../domain/identity/staff-list.js';
import { staffListDecider } from '../../domain/identity/staff-list.js';
import type { AppendMeta } from '../event-log.js';
import type { Outcome } from '../handle.js';
import { handle } from '../handle.js';
import { staffListStream } from '../stream-names.js';
import type { CertificateName, StaffListParts } from './staff-list.js';
import { staffMembers, textOfCertificate } from './staff-list.js';

export interface NewStaffMember extends Pick<AddStaffMember, 'memberId' | 'idNumber' | 'name' | 'roles'> {
  readonly certificate: CertificateName;
}
export interface StaffAdder extends Pick<AddStaffMember, 'through' | 'by'> {
  /** Whether the number is that of who adds. */
  isOwn(idNumber: string): Promise<boolean>;
}

/** Entries are compared anew when somebody was added meanwhile; that happens a few times a year. */
const maxAttempts = 4;

export async function addToStaffList(
  parts: StaffListParts, added: NewStaffMember, adder: StaffAdder, meta: AppendMeta,
): Promise<Outcome<StaffListRefusal>> {
  const certificate = textOfCertificate(added.certificate);
  const isOwn = await adder.isOwn(added.idNumber);
  const { through, by } = adder;
  let outcome: Outcome<StaffListRefusal> = { outcome: 'refused', code: 'command/busy' };
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const members = (await staffMembers(parts)).filter(({ memberId }) => memberId !== added.memberId);
    const isListed = members.some((member) =>
      member.certificate === certificate || member.idNumber === added.idNumber);
    const comparison = { comparedWith: members.map(({ memberId }) => memberId), isListed };
    outcome = await handle(parts.log, staffListDecider, staffListStream, {
      command: { type: 'AddStaffMember', ...added, certificate, comparison, through, by, isOwn, at: meta.at },
      meta,
    });
    if (outcome.outcome !== 'refused' || outcome.code !== 'staff/list-changed') return outcome;
  }
  return outcome;
}

export const removeFromStaffList = (
  { log }: StaffListParts, memberId: string, meta: AppendMeta,
): Promise<Outcome<StaffListRefusal>> =>
  handle(log, staffListDecider, staffListStream, {
    command: { type: 'RemoveStaffMember', memberId, by: meta.by, at: meta.at }, meta,
  });
