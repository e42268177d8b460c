import type { Fact, Personal } from '../decider.js';

/** Why a mail with a ticket went out. */
export const mailPurposes = [
  'confirmation', 'password-reset', 'new-device', 'new-email', 'deletion',
] as const;
export type MailPurpose = (typeof mailPurposes)[number];

/** What made an application void before it was confirmed. */
export const lapseReasons = ['deadline-passed', 'applied-again'] as const;
export type LapseReason = (typeof lapseReasons)[number];

/** By what a person showed that a card agent is theirs. */
export const enrolments = ['confirmation', 'password-reset', 'new-device'] as const;
export type Enrolment = (typeof enrolments)[number];

/** 健保卡網路服務註冊. Of the household's answer only that it was right, and as of when. */
export type RegistrationApplied = Fact<'RegistrationApplied', {
  readonly registrationId: string;
  /** The person, whatever they sign in with; a registration ends, a person stays the same. */
  readonly personId: string;
  readonly cardNumber: Personal;
  readonly idNumber: Personal;
  readonly name: Personal;
  readonly email: Personal;
  readonly mobile: Personal;
  readonly householdCheckedAsOf: string;
  /** Of the notice under 個資法 §8 that was accepted. */
  readonly noticeVersion: string;
  readonly deadline: string;
  readonly appliedAt: string;
}>;
/** Neither the ticket nor its hash: that lies in a table of its own, and is gone once used. */
export type TicketMailed = Fact<'TicketMailed', {
  readonly registrationId: string; readonly mailId: string; readonly purpose: MailPurpose;
  readonly mailedAt: string;
}>;
export type RegistrationConfirmed = Fact<'RegistrationConfirmed', {
  readonly registrationId: string; readonly confirmedAt: string;
}>;
export type RegistrationLapsed = Fact<'RegistrationLapsed', {
  readonly registrationId: string; readonly reason: LapseReason; readonly lapsedAt: string;
}>;
/** A card agent's public key counts from now on; made by the agent, at random, and no data of the person. */
export type AgentEnrolled = Fact<'AgentEnrolled', {
  readonly registrationId: string;
  readonly agentId: string;
  /** RFC 7638 thumbprint. */
  readonly keyId: string;
  readonly through: Enrolment;
  readonly enrolledAt: string;
}>;
export type AgentRevoked = Fact<'AgentRevoked', {
  readonly registrationId: string; readonly agentId: string; readonly revokedAt: string;
}>;
/** The password itself is in no fact, nor its hash. */
export type PasswordChanged = Fact<'PasswordChanged', {
  readonly registrationId: string; readonly changeId: string; readonly policyVersion: number;
  readonly changedAt: string;
}>;
export type PasswordReset = Fact<'PasswordReset', {
  readonly registrationId: string; readonly changeId: string; readonly policyVersion: number;
  readonly resetAt: string;
}>;
export type EmailChangeRequested = Fact<'EmailChangeRequested', {
  readonly registrationId: string; readonly changeId: string; readonly email: Personal;
  readonly requestedAt: string;
}>;
/** The new address is the one of the request with this id. */
export type EmailChanged = Fact<'EmailChanged', {
  readonly registrationId: string; readonly changeId: string; readonly changedAt: string;
}>;
export type MobileChanged = Fact<'MobileChanged', {
  readonly registrationId: string; readonly changeId: string; readonly mobile: Personal;
  readonly changedAt: string;
}>;
/** The registration's keys are destroyed right after this fact. */
export type RegistrationDeleted = Fact<'RegistrationDeleted', {
  readonly registrationId: string; readonly deletedAt: string;
}>;

export type RegistrationFact =
  | RegistrationApplied | TicketMailed | RegistrationConfirmed | RegistrationLapsed | AgentEnrolled
  | AgentRevoked | PasswordChanged | PasswordReset | EmailChangeRequested | EmailChanged | MobileChanged
  | RegistrationDeleted;
