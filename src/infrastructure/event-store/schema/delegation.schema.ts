import { z } from 'zod';
import { factSchema } from './fact-schema.js';
import { actor, day, instant, sealed, uuid } from './fields.js';

/** As many as one company may tick at once, and then some. */
const accountIds = z.array(uuid).min(1).max(1_000);

export const delegationSchemas = {
  DelegationGranted: factSchema('DelegationGranted', {
    versions: [z.strictObject({
      delegationId: uuid, companyId: uuid, delegateId: uuid, cardType: z.enum(['健保卡', '自然人憑證']),
      delegateName: sealed, accountIds, expiresOn: day.optional(),
      through: z.enum(['verification', 'invitation']), grantedBy: actor, grantedAt: instant,
    })],
    subject: 'delegateId',
    personal: { delegateName: 'identity' },
  }),
  DelegationOffered: factSchema('DelegationOffered', {
    versions: [z.strictObject({
      offerId: uuid, companyId: uuid, accountIds, expiresOn: day.optional(), email: sealed,
      validUntil: instant, offeredBy: actor, offeredAt: instant,
    })],
    subject: 'offerId',
    personal: { email: 'contact' },
  }),
  DelegationOfferAccepted: factSchema('DelegationOfferAccepted', {
    versions: [z.strictObject({
      offerId: uuid, delegateId: uuid, cardType: z.enum(['健保卡', '自然人憑證']), acceptedBy: actor,
      acceptedAt: instant,
    })],
  }),
  DelegationOfferWithdrawn: factSchema('DelegationOfferWithdrawn', {
    versions: [z.strictObject({ offerId: uuid, withdrawnBy: actor, withdrawnAt: instant })],
  }),
  DelegationRevoked: factSchema('DelegationRevoked', {
    versions: [z.strictObject({ delegationId: uuid, accountIds, revokedBy: actor, revokedAt: instant })],
  }),
};
