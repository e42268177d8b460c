import type { Logger } from 'pino';
import type { VerifiedCertificate } from '../../../application/identity/verified-certificate.js';
import { readAuthorities } from './pinned-certificates.js';
import { RevocationListFiles } from './revocation-list-files.js';
import type { CertificateProblem } from './verify-certificate.js';
import { verifyCertificate } from './verify-certificate.js';

export interface TrustOptions {
  /** A file or a directory: roots, and the authorities below them. */
  readonly roots: string;
  readonly revocationLists: string;
  /** OIDs. */
  readonly policies: readonly string[];
}

export interface SignedNonce {
  readonly message: Uint8Array;
  /** As sent, in base64: its text is what is signed. */
  readonly nonce: string;
  readonly idNumber: string | null;
}

export interface CertificateVerifier {
  verify(signed: SignedNonce): Promise<VerifiedCertificate | CertificateProblem>;
}

interface Surroundings { readonly now: () => number; readonly logger: Logger }

/** Throws, naming the file, where what is pinned cannot be read. */
export function openCertificateVerifier(
  { roots, revocationLists: path, policies }: TrustOptions, { now, logger }: Surroundings,
): CertificateVerifier {
  const authorities = readAuthorities(roots);
  const onUnreadable = (file: string): void => { logger.warn({ file }, 'revocation list unreadable'); };
  const files = new RevocationListFiles({ path, now: () => performance.now(), onUnreadable });
  return {
    verify: async ({ message, nonce, idNumber }) => verifyCertificate(message, {
      nonce: Buffer.from(nonce), idNumber, now: now(), authorities, policies,
      revocationLists: await files.lists(),
    }),
  };
}
