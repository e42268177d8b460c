import type { SigningCertificate } from './signing-certificate.js';

/** Cards with a certificate (自然人憑證, 工商憑證), wherever they are. What fails is an AgentError. */
export interface CertificateCards {
  /** Those that can sign; at least one. Without a PIN: cards show their certificates to anyone. */
  list(): Promise<SigningCertificate[]>;
  /** The message with the content, signed; the card is asked for the certificate anew. */
  sign(certificateId: string, pin: string, content: Uint8Array): Promise<Uint8Array>;
}

/** Printable, and of the length that cards' PINs have; longer would be no PIN but something pasted. */
export const isPin = (value: unknown): value is string =>
  typeof value === 'string' && /^[\x20-\x7e]{4,64}$/.test(value);
