import type { Logger } from 'pino';
import type { VerifiedCertificate } from '../../../application/identity/verified-certificate.js';
import type { Expected } from '../card-attestation.js';
import { readAuthorities } from './pinned-certificates.js';
import { RevocationListFiles } from './revocation-list-files.js';
import { signatureContent, signatureFormat } from './signature-content.js';
import type { CertificateProblem } from './verify-certificate.js';
import { verifyCertificate } from './verify-certificate.js';

export interface TrustOptions {
  /** A file or a directory: roots, and the authorities below them. */
  readonly roots: string;
  readonly revocationLists: string;
  /** OIDs. */
  readonly policies: readonly string[];
}

/** As a card agent hands it over, and the attempt of this server that it must be for. */
export interface SignedAttempt extends Expected {
  readonly format: string;
  readonly message: Uint8Array;
  readonly idNumber: string | null;
}

export interface CertificateVerifier {
  verify(signed: SignedAttempt): Promise<VerifiedCertificate | CertificateProblem>;
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
    verify: async ({ format, message, idNumber, ...expected }) => {
      if (format !== signatureFormat) return 'message/unknown-format';
      return verifyCertificate(message, {
        content: signatureContent(expected), idNumber, now: now(), authorities, policies,
        revocationLists: await files.lists(),
      });
    },
  };
}
