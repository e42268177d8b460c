import { z } from 'zod';
import { staffRoles } from '../../../domain/identity/staff-list.events.js';
import { factSchema } from './fact-schema.js';
import { actor, instant, sealed, uuid } from './fields.js';

/** A subject of its own beside the person's: a staff member may be a payee, and leave as one. */
export const staffListSchemas = {
  StaffMemberAdded: factSchema('StaffMemberAdded', {
    versions: [z.strictObject({
      memberId: uuid, certificate: sealed, idNumber: sealed, name: sealed,
      roles: z.array(z.enum(staffRoles)).min(1).max(staffRoles.length), addedBy: actor, addedAt: instant,
    })],
    subject: 'memberId',
    personal: { certificate: 'identity', idNumber: 'identity', name: 'identity' },
  }),
  StaffMemberRemoved: factSchema('StaffMemberRemoved', {
    versions: [z.strictObject({ memberId: uuid, removedBy: actor, removedAt: instant })],
  }),
};
