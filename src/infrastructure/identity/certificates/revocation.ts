import { isSignedWith, isStrongKey } from './algorithms.js';
import { keyUsages } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import type { RevocationList } from './revocation-list.js';
import { speaksOf } from './revocation-list.js';

export const revocationProblems = [
  'revocation-list/missing', 'revocation-list/forged', 'revocation-list/stale', 'certificate/revoked',
] as const;
export type RevocationProblem = (typeof revocationProblems)[number];

/**
 * Null where a current list, signed by the certificate's own issuer, does not name it. Without such a list
 * nobody is let in: whoever was not asked has not said no.
 */
export function revocationOf(
  certificate: Certificate, issuer: Certificate, lists: readonly RevocationList[], now: number,
): RevocationProblem | null {
  const speaking = lists.filter((list) => speaksOf(list, certificate));
  if (speaking.length === 0) return 'revocation-list/missing';
  const genuine = speaking.filter((list) => isSignedBy(issuer, list));
  if (genuine.length === 0) return 'revocation-list/forged';
  const current = genuine.filter(({ thisUpdate, nextUpdate }) =>
    thisUpdate <= now && nextUpdate !== null && now < nextUpdate);
  if (current.length === 0) return 'revocation-list/stale';
  // The latest word counts: a certificate on hold may have been let go.
  const latest = current.reduce((one, other) => (other.thisUpdate > one.thisUpdate ? other : one));
  return latest.serialNumbers.has(certificate.serialNumber) ? 'certificate/revoked' : null;
}

/** A list of a million entries is hashed once for each issuer, not at every sign-in. */
const known = new WeakMap<RevocationList, WeakMap<Certificate, boolean>>();

function isSignedBy(issuer: Certificate, list: RevocationList): boolean {
  const answers = known.get(list) ?? new WeakMap<Certificate, boolean>();
  known.set(list, answers);
  const answer = answers.get(issuer) ?? verified(issuer, list);
  answers.set(issuer, answer);
  return answer;
}

const verified = ({ keyUsage, publicKey }: Certificate, list: RevocationList): boolean =>
  (keyUsage === null || keyUsage.has(keyUsages.cRLSign)) && isStrongKey(publicKey) && list.algorithm !== null
  && isSignedWith(publicKey, { algorithm: list.algorithm, data: list.signed, signature: list.signature });
