import { z } from 'zod';
import { apiScopes } from '../../../domain/api-credentials/api-credential.events.js';
import { factSchema } from './fact-schema.js';
import { actor, instant, uuid } from './fields.js';

/** As many as one ticks by hand when asking for payments. */
const mostAccounts = 500;

export const apiCredentialSchemas = {
  ApiCredentialIssued: factSchema('ApiCredentialIssued', {
    versions: [z.strictObject({
      credentialId: uuid, holderId: uuid, scope: z.enum(apiScopes),
      accountIds: z.array(uuid).max(mostAccounts), expiresAt: instant, issuedBy: actor, issuedAt: instant,
    })],
  }),
  ApiCredentialRevoked: factSchema('ApiCredentialRevoked', {
    versions: [z.strictObject({
      credentialId: uuid, holderId: uuid, revokedBy: actor, revokedAt: instant,
    })],
  }),
};
