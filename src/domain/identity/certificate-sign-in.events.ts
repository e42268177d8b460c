import type { Fact } from '../decider.js';

/** Why a certificate that is good in itself let nobody in. */
export const certificateRefusals = ['other-name'] as const;
export type CertificateRefusal = (typeof certificateRefusals)[number];

/** What a certificate was shown for. */
export const certificatePurposes = ['sign-in', 're-authentication', 'delegate-verification'] as const;
export type CertificatePurpose = (typeof certificatePurposes)[number];

interface Attempt {
  readonly personId: string; readonly attemptId: string; readonly purpose: CertificatePurpose;
}

/** Nothing of the certificate: it is public, and names a person. */
export type CertificateAccepted = Fact<'CertificateAccepted', Attempt & {
  /** The entry on the staff list it was accepted for; left out for a payee's. */
  readonly memberId?: string;
  readonly acceptedAt: string;
}>;
/** Somebody showed a certificate for this person's ID number that names somebody else. */
export type CertificateRefused = Fact<'CertificateRefused', Attempt & {
  readonly reason: CertificateRefusal; readonly refusedAt: string;
}>;

export type CertificateSignInFact = CertificateAccepted | CertificateRefused;
