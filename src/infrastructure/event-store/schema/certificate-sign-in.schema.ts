import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { instant, uuid } from './fields.js';

const attempt = { personId: uuid, attemptId: uuid };
const purpose = z.enum(['sign-in', 're-authentication', 'delegate-verification']);

const acceptedV1 = z.strictObject({ ...attempt, memberId: uuid.optional(), acceptedAt: instant });
const acceptedV2 = acceptedV1.extend({ purpose });
const refusedV1 = z.strictObject({ ...attempt, reason: z.enum(['other-name']), refusedAt: instant });
const refusedV2 = refusedV1.extend({ purpose });

/** As it was told to the person then, whichever of the first two it was. */
const asSignIn = <Data extends object>(data: Data) => ({ ...data, purpose: 'sign-in' as const });

export const certificateSignInSchemas = {
  CertificateAccepted: factSchema('CertificateAccepted', {
    versions: [acceptedV1, acceptedV2], upcasts: [asSignIn],
  }),
  CertificateRefused: factSchema('CertificateRefused', {
    versions: [refusedV1, refusedV2], upcasts: [asSignIn],
  }),
};
