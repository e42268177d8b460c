import type { Fact, Personal } from '../decider.js';

export const applicantKinds = ['person', 'company'] as const;
export type ApplicantKind = (typeof applicantKinds)[number];

/** 申請人基本資料 as NSS102E asks for it. */
export interface ContactData {
  readonly phone?: Personal;
  readonly email?: Personal;
  readonly address?: Personal;
  readonly contactPerson?: Personal;
  readonly fax?: Personal;
}

export type ApplicantRegistered = Fact<'ApplicantRegistered', {
  readonly applicantId: string;
  readonly kind: ApplicantKind;
  /** 統一編號: an ID number or a company's UBN. */
  readonly idNumber: Personal;
  readonly name: Personal;
  readonly registeredAt: string;
}>;
export type ApplicantContactChanged = Fact<'ApplicantContactChanged', {
  readonly applicantId: string;
  /** Tells the same change decided again from a new one: sealed fields cannot be compared. */
  readonly changeId: string;
  readonly contact: ContactData;
  readonly changedBy: string;
  readonly changedAt: string;
}>;
/** The person's key is destroyed right after this fact: every sealed field then reads as a tombstone. */
export type ApplicantErased = Fact<'ApplicantErased', {
  readonly applicantId: string; readonly erasedBy: string; readonly erasedAt: string;
}>;

export type ApplicantFact = ApplicantRegistered | ApplicantContactChanged | ApplicantErased;
