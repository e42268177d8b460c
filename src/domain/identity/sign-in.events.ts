import type { Fact } from '../decider.js';

/** What a password was asked for. Whatever it is, every guess counts in the same place. */
export const passwordPurposes = [
  'sign-in', 're-authentication', 'deletion', 'delegate-verification',
] as const;
export type PasswordPurpose = (typeof passwordPurposes)[number];

interface Attempt {
  readonly registrationId: string;
  readonly attemptId: string;
}

/** Before the password is looked at: a guess that is under way counts already. */
export type PasswordTried = Fact<'PasswordTried', Attempt & {
  readonly personId: string;
  /** The enrolled card agent it came from; left out for every agent that is not. */
  readonly agentId?: string;
  readonly purpose: PasswordPurpose;
  readonly triedAt: string;
}>;
export type PasswordAccepted = Fact<'PasswordAccepted', Attempt & { readonly acceptedAt: string }>;
export type PasswordRefused = Fact<'PasswordRefused', Attempt & { readonly refusedAt: string }>;
/** Three wrong ones. The attempt is the last of them. */
export type SignInSuspended = Fact<'SignInSuspended', Attempt & {
  /** Counts up to the third, which revokes; no success ever resets it. */
  readonly suspension: number;
  readonly until: string;
  readonly suspendedAt: string;
}>;
/** For good: until the person registers anew. */
export type SignInRevoked = Fact<'SignInRevoked', Attempt & { readonly revokedAt: string }>;

export type SignInFact =
  | PasswordTried | PasswordAccepted | PasswordRefused | SignInSuspended | SignInRevoked;
