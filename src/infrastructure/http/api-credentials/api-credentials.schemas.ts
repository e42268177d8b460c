import { z } from 'zod';
import { longestDays } from '../../../domain/api-credentials/api-credentials.js';
import { id, params, position, query } from '../schemas.js';

/** As many as one ticks by hand when asking for payments. */
const mostAccounts = 500;

export const credentialParams = params({ credentialId: id });
export const credentialsQuery = query({});

const validDays = z.int().min(1).max(longestDays)
  .meta({ description: `days from now until it expires, at most ${longestDays}`, examples: [90] });

export const companyCredentialBody = z.strictObject({
  accountIds: z.array(id).min(1).max(mostAccounts)
    .meta({ description: 'own approved accounts; the program sees no others' }),
  validDays,
});
export type CompanyCredentialBody = z.output<typeof companyCredentialBody>;

export const deliveryCredentialBody = z.strictObject({ validDays });
export type DeliveryCredentialBody = z.output<typeof deliveryCredentialBody>;

export const credentialIssued = z.object({
  credentialId: z.uuid(),
  token: z.string().meta({
    description: 'shown this once, and kept by nobody but you', examples: ['treasury_api_…'],
  }),
  expiresAt: z.string(),
  position,
}).meta({ id: 'ApiCredentialIssued' });
export type CredentialIssued = z.output<typeof credentialIssued>;

export const credentialsAnswer = z.object({
  credentials: z.array(z.object({
    credentialId: z.uuid(),
    accountIds: z.array(z.uuid()),
    issuedAt: z.string(),
    expiresAt: z.string(),
    revokedAt: z.string().nullable(),
    lastUsedAt: z.string().nullable().meta({ description: 'to the minute' }),
  })),
}).meta({ id: 'ApiCredentials' });
export type CredentialsAnswer = z.output<typeof credentialsAnswer>;
