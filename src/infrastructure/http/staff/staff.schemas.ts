import { z } from 'zod';
import { staffRoles } from '../../../domain/identity/staff-list.events.js';
import { id, params, position, query } from '../schemas.js';

/** Of 2048 bits with everything in it a certificate has 2 KB. */
const maxCertificateText = 16_000;

export const memberParams = params({ memberId: id });
export const staffQuery = query({});

export const memberBody = z.strictObject({
  certificate: z.string().min(1).max(maxCertificateText)
    .meta({ description: '自然人憑證, in PEM. It is public; nothing is proven by having it' }),
  idNumber: z.string().regex(/^[A-Z][A-D1289]\d{8}$/).meta({ description: '身分證號', examples: ['A123456789'] }),
  roles: z.array(z.enum(staffRoles)).min(1).max(staffRoles.length),
});
export type MemberBody = z.output<typeof memberBody>;

export const staffAnswer = z.object({
  members: z.array(z.object({
    memberId: z.uuid(),
    name: z.string(),
    roles: z.array(z.enum(staffRoles)),
    addedBy: z.string().meta({ description: 'random id of an operator, or command-line' }),
    addedAt: z.string(),
  })),
}).meta({ id: 'StaffList' });
export type StaffAnswer = z.output<typeof staffAnswer>;

export const memberAdded = z.object({ memberId: z.uuid(), position }).meta({ id: 'StaffMemberAdded' });
export type MemberAdded = z.output<typeof memberAdded>;
