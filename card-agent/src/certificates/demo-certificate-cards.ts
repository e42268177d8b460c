import { createPrivateKey, sign } from 'node:crypto';
import { AgentError } from '../agent-error.js';
import { contentIn } from '../virtual/card-content.js';
import type { CertificateCards } from './certificate-cards.js';
import { signedAttributes, signedMessage } from './signed-message.js';
import type { SigningCertificate } from './signing-certificate.js';
import { readSigningCertificate } from './signing-certificate.js';

/** The certificate card of a demo's file, where there is no reader and no PKCS#11 module. */
export class DemoCertificateCards implements CertificateCards {
  constructor(private readonly file: string) {}

  async list(): Promise<SigningCertificate[]> {
    return [this.inserted().certificate];
  }

  async sign(certificateId: string, pin: string, content: Uint8Array): Promise<Uint8Array> {
    const { certificate, card } = this.inserted();
    if (certificate.id !== certificateId) throw new AgentError('certificate-missing');
    if (pin !== card.pin) throw new AgentError('pin-incorrect');
    const privateKey = Buffer.from(card.privateKey, 'base64');
    const key = createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' });
    const signature = sign('sha256', signedAttributes(content), { key, dsaEncoding: 'ieee-p1363' });
    return signedMessage(certificate, content, signature);
  }

  private inserted() {
    const card = contentIn(this.file);
    const certificate = card && 'certificate' in card
      ? readSigningCertificate(Buffer.from(card.certificate, 'base64')) : null;
    if (!card || !('certificate' in card) || !certificate) throw new AgentError('certificate-missing');
    return { certificate, card };
  }
}
