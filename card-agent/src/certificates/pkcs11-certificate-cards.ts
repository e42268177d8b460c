import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AgentError } from '../agent-error.js';
import type { CertificateCards } from './certificate-cards.js';
import type { CertificateAnswer, CertificateRequest } from './certificate-process.js';
import { signatureInput, signedMessage } from './signed-message.js';
import type { SigningCertificate } from './signing-certificate.js';
import { readSigningCertificate } from './signing-certificate.js';

// A card computes a signature in about a second; modules search all readers before.
const limitMs = 20_000;
// A card holds two or three; a page with more choices is no choice.
const maxCertificates = 16;

/** Through the vendor's PKCS#11 module. */
export class Pkcs11CertificateCards implements CertificateCards {
  constructor(
    private readonly module: string | null,
    private readonly file = fileURLToPath(new URL('./certificate-process.js', import.meta.url)),
  ) {}

  async list(): Promise<SigningCertificate[]> {
    const { certificates } = await this.ask({});
    const readable = (certificates ?? []).map(readSigningCertificate).filter((one) => one !== null);
    if (readable.length === 0) throw new AgentError('certificate-missing');
    return readable.slice(0, maxCertificates);
  }

  async sign(certificateId: string, pin: string, content: Uint8Array): Promise<Uint8Array> {
    const certificate = (await this.list()).find(({ id }) => id === certificateId);
    if (!certificate) throw new AgentError('certificate-missing');
    const { keyType } = certificate;
    const input = signatureInput(keyType, content);
    const { signature } = await this.ask({ sign: { certificateId, pin, keyType, input } });
    if (!signature) throw new AgentError('certificate-failed');
    return signedMessage(certificate, content, signature);
  }

  private ask(request: Omit<CertificateRequest, 'module'>): Promise<CertificateAnswer> {
    const { module } = this;
    if (module === null) return Promise.reject(new AgentError('module-missing'));
    const child = fork(this.file, [], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced', execArgv: [], env: process.env,
    });
    return new Promise((resolve, reject) => {
      const end = (answer: CertificateAnswer) => {
        clearTimeout(timer);
        child.kill('SIGKILL');
        if (answer.failure) reject(new AgentError(answer.failure));
        else resolve(answer);
      };
      const timer = setTimeout(() => end({ failure: 'certificate-failed' }), limitMs);
      child.once('message', (answer: CertificateAnswer) => end(answer));
      child.once('error', () => end({ failure: 'certificate-failed' }));
      child.once('exit', () => end({ failure: 'certificate-failed' }));
      child.send({ ...request, module } satisfies CertificateRequest, () => undefined);
    });
  }
}
