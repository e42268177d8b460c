import type {
  CertifiedPerson, VerifiedCertificate,
} from '../../../application/identity/verified-certificate.js';
import { readCertificate } from './certificate.js';
import { derOf } from './pem.js';
import type { SubjectProblem } from './subject.js';
import { subjectOf } from './subject.js';

export type NamedCertificate = VerifiedCertificate & { readonly subject: CertifiedPerson };
export type NamingProblem = SubjectProblem | 'certificate/unreadable';

/**
 * Whom a 自然人憑證 in a file names. Nothing is proven by it, for certificates are public: whoever signs in with
 * it later proves to hold its key, and that its issuer is believed.
 */
export function personNamedIn(file: Buffer, idNumber: string): NamedCertificate | NamingProblem {
  const [der, ...others] = derOf(file, 'CERTIFICATE') ?? [];
  const certificate = der === undefined || others.length > 0 ? null : readCertificate(der);
  if (certificate === null) return 'certificate/unreadable';
  const subject = subjectOf(certificate, idNumber);
  if (typeof subject === 'string') return subject;
  if (subject.kind !== 'person') return 'subject/unknown-kind';
  const issuer = Buffer.from(certificate.issuer).toString('base64');
  return { issuer, serialNumber: certificate.serialNumber, subject };
}
