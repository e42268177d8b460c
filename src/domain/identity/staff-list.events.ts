import type { Fact, Personal } from '../decider.js';

/** 審核人員, 支付作業人員, 稽核人員. */
export const staffRoles = ['reviewer', 'operator', 'auditor'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Somebody may act for the treasury, by exactly this certificate. A renewed card is a new entry. */
export type StaffMemberAdded = Fact<'StaffMemberAdded', {
  readonly memberId: string;
  /** Its issuer and serial number. */
  readonly certificate: Personal;
  readonly idNumber: Personal;
  readonly name: Personal;
  readonly roles: readonly StaffRole[];
  readonly addedBy: string;
  readonly addedAt: string;
}>;
/** What the member did stays, and so does who it was: keys are not destroyed. */
export type StaffMemberRemoved = Fact<'StaffMemberRemoved', {
  readonly memberId: string; readonly removedBy: string; readonly removedAt: string;
}>;

export type StaffListFact = StaffMemberAdded | StaffMemberRemoved;
