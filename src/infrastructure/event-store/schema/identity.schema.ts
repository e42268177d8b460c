import { z } from 'zod';
import { enrolments, lapseReasons, mailPurposes } from '../../../domain/identity/registration.events.js';
import { passwordPurposes } from '../../../domain/identity/sign-in.events.js';
import { factSchema } from './fact-schema.js';
import { day, instant, sealed, uuid } from './fields.js';

/** RFC 7638: a SHA-256 in base64url. */
const thumbprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const noticeVersion = z.string().regex(/^[0-9A-Za-z.-]{1,20}$/);
const registrationId = uuid;
const changeId = uuid;

const applied = z.strictObject({
  registrationId, personId: uuid, cardNumber: sealed, idNumber: sealed, name: sealed, email: sealed,
  mobile: sealed, householdCheckedAsOf: day, noticeVersion, deadline: instant, appliedAt: instant,
});
const agentEnrolled = z.strictObject({
  registrationId, agentId: uuid, keyId: thumbprint, through: z.enum(enrolments), enrolledAt: instant,
});
const policyVersion = z.int().min(1);

/** A subject of its own beside the applicant: what is under other keys stays when a registration goes. */
export const registrationSchemas = {
  RegistrationApplied: factSchema('RegistrationApplied', {
    versions: [applied],
    subject: 'registrationId',
    personal: {
      cardNumber: 'identity', idNumber: 'identity', name: 'identity', email: 'contact', mobile: 'contact',
    },
  }),
  TicketMailed: factSchema('TicketMailed', {
    versions: [z.strictObject({
      registrationId, mailId: uuid, purpose: z.enum(mailPurposes), mailedAt: instant,
    })],
  }),
  RegistrationConfirmed: factSchema('RegistrationConfirmed', {
    versions: [z.strictObject({ registrationId, confirmedAt: instant })],
  }),
  RegistrationLapsed: factSchema('RegistrationLapsed', {
    versions: [z.strictObject({ registrationId, reason: z.enum(lapseReasons), lapsedAt: instant })],
  }),
  AgentEnrolled: factSchema('AgentEnrolled', { versions: [agentEnrolled] }),
  AgentRevoked: factSchema('AgentRevoked', {
    versions: [z.strictObject({ registrationId, agentId: uuid, revokedAt: instant })],
  }),
  PasswordChanged: factSchema('PasswordChanged', {
    versions: [z.strictObject({ registrationId, changeId, policyVersion, changedAt: instant })],
  }),
  PasswordReset: factSchema('PasswordReset', {
    versions: [z.strictObject({ registrationId, changeId, policyVersion, resetAt: instant })],
  }),
  EmailChangeRequested: factSchema('EmailChangeRequested', {
    versions: [z.strictObject({ registrationId, changeId, email: sealed, requestedAt: instant })],
    subject: 'registrationId',
    personal: { email: 'contact' },
  }),
  EmailChanged: factSchema('EmailChanged', {
    versions: [z.strictObject({ registrationId, changeId, changedAt: instant })],
  }),
  MobileChanged: factSchema('MobileChanged', {
    versions: [z.strictObject({ registrationId, changeId, mobile: sealed, changedAt: instant })],
    subject: 'registrationId',
    personal: { mobile: 'contact' },
  }),
  RegistrationDeleted: factSchema('RegistrationDeleted', {
    versions: [z.strictObject({ registrationId, deletedAt: instant })],
  }),
};

const attempt = { registrationId, attemptId: uuid };

export const signInSchemas = {
  PasswordTried: factSchema('PasswordTried', {
    versions: [z.strictObject({
      ...attempt, personId: uuid, agentId: uuid.optional(), purpose: z.enum(passwordPurposes),
      triedAt: instant,
    })],
  }),
  PasswordAccepted: factSchema('PasswordAccepted', {
    versions: [z.strictObject({ ...attempt, acceptedAt: instant })],
  }),
  PasswordRefused: factSchema('PasswordRefused', {
    versions: [z.strictObject({ ...attempt, refusedAt: instant })],
  }),
  SignInSuspended: factSchema('SignInSuspended', {
    versions: [z.strictObject({
      ...attempt, suspension: z.int().min(1), until: instant, suspendedAt: instant,
    })],
  }),
  SignInRevoked: factSchema('SignInRevoked', {
    versions: [z.strictObject({ ...attempt, revokedAt: instant })],
  }),
};
