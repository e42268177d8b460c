import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { actor, instant, sealed, uuid } from './fields.js';

const applicantRegistered = z.strictObject({
  applicantId: uuid,
  kind: z.enum(['person', 'company']),
  idNumber: sealed,
  name: sealed,
  registeredAt: instant,
});

const applicantContactChanged = z.strictObject({
  applicantId: uuid,
  changeId: uuid,
  contact: z.strictObject({
    phone: sealed.optional(),
    email: sealed.optional(),
    address: sealed.optional(),
    contactPerson: sealed.optional(),
    fax: sealed.optional(),
  }),
  changedBy: actor,
  changedAt: instant,
});

export const applicantSchemas = {
  ApplicantRegistered: factSchema('ApplicantRegistered', {
    versions: [applicantRegistered],
    subject: 'applicantId',
    personal: { idNumber: 'identity', name: 'identity' },
  }),
  ApplicantContactChanged: factSchema('ApplicantContactChanged', {
    versions: [applicantContactChanged],
    subject: 'applicantId',
    personal: {
      'contact.phone': 'contact',
      'contact.email': 'contact',
      'contact.address': 'contact',
      'contact.contactPerson': 'contact',
      'contact.fax': 'contact',
    },
  }),
  ApplicantErased: factSchema('ApplicantErased', {
    versions: [z.strictObject({ applicantId: uuid, erasedBy: actor, erasedAt: instant })],
  }),
};
