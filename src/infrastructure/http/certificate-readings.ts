import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { VerifiedCertificate } from '../../application/identity/verified-certificate.js';
import type { ChallengePurpose } from '../identity/challenge-table.js';
import { strictBase64 } from '../identity/strict-base64.js';
import { LOGGER } from '../logging.js';
import type { Identity } from './identity.js';
import { IDENTITY } from './identity.js';
import { Problem } from './problem.js';
import { takeChallenge } from './taken-challenge.js';

/** Longer than a signature and a chain of certificates in base64. */
const maxMessageText = 22_000;

/** What a card agent hands to the page, which hands it on as it is. */
const certificateSignature = z.object({
  format: z.string().max(200),
  signedMessage: z.string().max(maxMessageText)
    .meta({ description: 'CMS SignedData with the certificate, DER in base64' }),
  appVersion: z.string().max(200).optional(),
}).meta({
  id: 'CertificateSignature',
  description: 'certificate-signature:1.0, over SHA-256(format) ‖ SHA-256(origin) ‖ SHA-256(nonce)',
});

export const signedChallenge = z.strictObject({
  signature: certificateSignature,
  idNumber: z.string().max(10).optional()
    .meta({ description: '身分證號, for a 自然人憑證; a 工商憑證 says its 統一編號 itself' }),
});
export type SignedChallenge = z.output<typeof signedChallenge>;

export const certificateRefusals = [
  'http/foreign-origin', 'attestation/no-challenge', 'attestation/challenge-expired',
  'attestation/other-purpose', 'sign-in/certificate-refused', 'sign-in/revocation-unknown',
  'sign-in/certificates-off',
] as const;

/** Challenges as certificate cards sign them: one attempt each, bound to the browser that asked. */
@Injectable()
export class CertificateReadings {
  constructor(
    @Inject(IDENTITY) private readonly identity: Identity, @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Whatever comes of it, the challenge is used up. Null for one and the same no. */
  async verify(
    request: FastifyRequest, { signature: { format, signedMessage }, idNumber }: SignedChallenge,
    purpose: ChallengePurpose,
  ): Promise<VerifiedCertificate | null> {
    const { certificates } = this.identity;
    if (certificates === null) throw new Problem('sign-in/certificates-off');
    const challenge = await takeChallenge(request, this.identity, purpose);
    const message = strictBase64(signedMessage);
    const verified = message === null ? 'message/malformed'
      : await certificates.verify({ format, message, ...challenge, idNumber: idNumber ?? null });
    if (typeof verified !== 'string') return verified;
    this.log.info({ correlationId: request.id, code: verified }, 'certificate refused');
    if (verified.startsWith('revocation-list/')) throw new Problem('sign-in/revocation-unknown');
    return null;
  }
}
