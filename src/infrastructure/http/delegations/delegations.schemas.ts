import { z } from 'zod';
import { accessKinds } from '../../../application/delegations/delegate-accesses.js';
import { cardTypes, grantedThrough } from '../../../domain/delegations/delegation.events.js';
import { email, ticket } from '../registrations/registrations.schemas.js';
import { bankCode, date, id, next, paging, params, position, query } from '../schemas.js';
import { certificateSignInBody, signInBody } from '../sign-ins/sign-ins.schemas.js';

/** 帳號失效: its owner gave the account up since; approved again, it has to be granted again. */
const delegationStates = ['有效', '已到期', '已取消', '帳號失效'] as const;
export type DelegationState = (typeof delegationStates)[number];

/** As many as one ticks by hand. */
const mostAccounts = 500;

export const delegationParams = params({ delegationId: id });
const accountIds = z.array(id).min(1).max(mostAccounts);

export const verificationBody = z.union([signInBody, certificateSignInBody]).meta({
  description: 'of the delegate: 健保卡 and its password, or a 自然人憑證 that signed; '
    + 'the challenge is asked for with purpose=delegate-verification',
});
export type VerificationBody = z.output<typeof verificationBody>;

export const verificationAnswer = z.object({
  verificationId: z.uuid(),
  name: z.string().meta({ description: '被授權人名稱' }),
  cardType: z.enum(cardTypes).meta({ description: '卡片類別' }),
  expiresAt: z.string().meta({ description: 'in five minutes; good for one grant, in this session alone' }),
}).meta({ id: 'DelegateVerification' });
export type VerificationAnswer = z.output<typeof verificationAnswer>;

const expiresOn = date.optional()
  .meta({ description: '授權到期日: the last day it counts; until revoked when left out' });
export const terms = { accountIds, expiresOn };
export const grantBody = z.strictObject({ verificationId: id, ...terms });
export type GrantBody = z.output<typeof grantBody>;

export const grantedAnswer = z.object({ delegationId: z.uuid(), position }).meta({ id: 'DelegationGranted' });
export type GrantedAnswer = z.output<typeof grantedAnswer>;

export const offerParams = params({ offerId: id });
export const offerBody = z.strictObject({ email, ...terms });
export type OfferBody = z.output<typeof offerBody>;
export const offeredAnswer = z.object({
  offerId: z.uuid(),
  validUntil: z.string().meta({ description: 'five days: then the mailed ticket opens nothing' }),
  position,
}).meta({ id: 'DelegationOffered' });
export type OfferedAnswer = z.output<typeof offeredAnswer>;

export const acceptanceBody = z.strictObject({ ticket });
export type AcceptanceBody = z.output<typeof acceptanceBody>;

/** More than are open at once. */
export const mostOffers = 100;
export const offersQuery = query({});
export const offersAnswer = z.object({
  offers: z.array(z.object({
    offerId: z.uuid(),
    email: z.string().nullable().meta({ description: 'null once accepted or withdrawn: it is forgotten' }),
    status: z.enum(['open', 'expired', 'accepted', 'withdrawn']),
    accountIds: z.array(z.uuid()), expiresOn: z.string().nullable(), offeredAt: z.string(),
    validUntil: z.string(),
  })).max(mostOffers).meta({ description: `the latest first, at most ${mostOffers}` }),
}).meta({ id: 'DelegationOffers' });
export type OffersAnswer = z.output<typeof offersAnswer>;

export const revocationBody = z.strictObject({ accountIds });
export type RevocationBody = z.output<typeof revocationBody>;

const text = z.string();
const account = {
  accountId: z.uuid(),
  bankCode: bankCode.meta({ description: '銀行代號' }),
  bankName: text.nullable(),
  accountNumber: text.meta({ description: '入戶帳號' }),
  accountName: text.nullable().meta({ description: '帳戶名稱' }),
  grantedOn: text.meta({ description: '授權日期, ISO date in Taipei' }),
  expiresOn: text.nullable().meta({ description: '授權到期日, the last day; null: until revoked' }),
};
const given = z.object({
  delegationId: z.uuid(),
  name: text.nullable().meta({ description: '姓名; null once the delegate was erased' }),
  cardType: z.enum(cardTypes).meta({ description: '憑證類別' }),
  accounts: z.array(z.object({
    ...account, through: z.enum(grantedThrough), state: z.enum(delegationStates), revokedAt: text.nullable(),
  })),
}).meta({ id: 'GivenDelegation' });
export type GivenDelegation = z.output<typeof given>;

const held = z.object({
  delegationId: z.uuid(),
  companyName: text.nullable(),
  cardType: z.enum(cardTypes),
  accounts: z.array(z.object(account)),
}).meta({ id: 'HeldDelegation' });
export type HeldDelegation = z.output<typeof held>;

export const delegationsQuery = query(paging);
export type DelegationsAsked = z.output<typeof delegationsQuery>;
export const delegationsAnswer = z.object({
  given: z.array(given).meta({ description: 'by the caller\'s company, revoked and expired ones too' }),
  held: z.array(held).meta({ description: 'by the caller, in force at this moment; with the first page' }),
  next,
}).meta({ id: 'Delegations' });
export type DelegationsAnswer = z.output<typeof delegationsAnswer>;

export const accessesQuery = query(paging);
export const accessesAnswer = z.object({
  accesses: z.array(z.object({
    accountId: z.uuid(),
    kind: z.enum(accessKinds),
    firstAt: text, lastAt: text,
    reads: z.int().min(1).meta({ description: 'how often within one hour' }),
  })),
  next,
}).meta({ id: 'DelegateAccesses' });
export type AccessesAnswer = z.output<typeof accessesAnswer>;
