import type { Decider, Decision } from '../decider.js';
import type {
  CertificatePurpose, CertificateRefusal, CertificateSignInFact,
} from './certificate-sign-in.events.js';

interface Attempt {
  readonly personId: string; readonly attemptId: string; readonly purpose: CertificatePurpose;
  readonly at: string;
}
export interface AcceptCertificate extends Attempt {
  readonly type: 'AcceptCertificate'; readonly memberId: string | null;
}
export interface RefuseCertificate extends Attempt {
  readonly type: 'RefuseCertificate'; readonly reason: CertificateRefusal;
}
export type CertificateSignInCommand = AcceptCertificate | RefuseCertificate;

/** Only the last few can still be told again. */
const remembered = 16;
export interface CertificateSignInState { readonly attempts: readonly string[] }

export const evolve = (
  { attempts }: CertificateSignInState, { data: { attemptId } }: CertificateSignInFact,
): CertificateSignInState => ({ attempts: [...attempts, attemptId].slice(-remembered) });

/**
 * Nothing is counted and nobody is suspended: there is no password to guess, and whoever could suspend an
 * owner by showing another certificate would lock people out.
 */
export function decide(
  command: CertificateSignInCommand, { attempts }: CertificateSignInState,
): Decision<CertificateSignInFact, never> {
  const { personId, attemptId, purpose, at } = command;
  if (attempts.includes(attemptId)) return [];
  switch (command.type) {
    case 'AcceptCertificate': {
      const member = command.memberId === null ? {} : { memberId: command.memberId };
      const data = { personId, attemptId, purpose, ...member, acceptedAt: at };
      return [{ type: 'CertificateAccepted', data }];
    }
    case 'RefuseCertificate': {
      const { reason } = command;
      return [{ type: 'CertificateRefused', data: { personId, attemptId, purpose, reason, refusedAt: at } }];
    }
  }
}

export const certificateSignInDecider:
  Decider<CertificateSignInCommand, CertificateSignInState, CertificateSignInFact, never> =
  { initial: { attempts: [] }, evolve, decide };
