import { z } from 'zod';
import { certificateRefusals } from '../../../domain/identity/certificate-sign-in.events.js';
import { factSchema } from './fact-schema.js';
import { instant, uuid } from './fields.js';

const attempt = { personId: uuid, attemptId: uuid };

export const certificateSignInSchemas = {
  CertificateAccepted: factSchema('CertificateAccepted', {
    versions: [z.strictObject({ ...attempt, memberId: uuid.optional(), acceptedAt: instant })],
  }),
  CertificateRefused: factSchema('CertificateRefused', {
    versions: [z.strictObject({ ...attempt, reason: z.enum(certificateRefusals), refusedAt: instant })],
  }),
};
