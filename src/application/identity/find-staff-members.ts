import { Inject } from '@nestjs/common';
import type { IQueryHandler } from '@nestjs/cqrs';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { IdentityStores } from './identity-stores.js';
import { IDENTITY_STORES } from './identity-stores.js';
import type { StaffMember } from './staff-list.js';
import { staffMembers } from './staff-list.js';

/** Of the entries what others may see: certificate and ID number are for comparing only. */
export type ListedMember = Omit<StaffMember, 'certificate' | 'idNumber'>;

export class FindStaffMembers extends Query<readonly ListedMember[]> {}

@QueryHandler(FindStaffMembers)
export class FindStaffMembersHandler implements IQueryHandler<FindStaffMembers> {
  constructor(@Inject(IDENTITY_STORES) private readonly stores: IdentityStores) {}

  async execute(): Promise<readonly ListedMember[]> {
    const members = await staffMembers(this.stores);
    return members.map(({ memberId, roles, name, addedBy, addedAt }) =>
      ({ memberId, roles, name, addedBy, addedAt }));
  }
}
