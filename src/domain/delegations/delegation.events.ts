import type { Fact, Personal } from '../decider.js';

/** 卡片類別: what the delegate has to sign in with. */
export const cardTypes = ['健保卡', '自然人憑證'] as const;
export type CardType = (typeof cardTypes)[number];

/** The delegate stood beside the company's machine, or accepted an invitation at home. */
export const grantedThrough = ['verification', 'invitation'] as const;
export type GrantedThrough = (typeof grantedThrough)[number];

/** 憑證授權新增: what was ticked and 設定. Ids of the applicants are random. */
export type DelegationGranted = Fact<'DelegationGranted', {
  readonly delegationId: string;
  readonly companyId: string;
  readonly delegateId: string;
  readonly cardType: CardType;
  /** Sealed under the delegate's key, not the company's. */
  readonly delegateName: Personal;
  readonly accountIds: readonly string[];
  /** The last day on which it counts, in Taipei. Left out: until revoked. No fact follows when it is over. */
  readonly expiresOn?: string;
  readonly through: GrantedThrough;
  readonly grantedBy: string;
  readonly grantedAt: string;
}>;
/** 取消授權, of the accounts that were ticked. */
export type DelegationRevoked = Fact<'DelegationRevoked', {
  readonly delegationId: string;
  readonly accountIds: readonly string[];
  readonly revokedBy: string;
  readonly revokedAt: string;
}>;

export type DelegationFact = DelegationGranted | DelegationRevoked;
