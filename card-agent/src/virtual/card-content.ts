import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { AgentError } from '../agent-error.js';
import type { CardProgram } from '../card/in-memory-reader.js';
import type { NhiCardGeneration } from '../nhi/nhi-card-program.js';
import { nhiCardProgram } from '../nhi/nhi-card-program.js';
import { pivCardProgram } from './piv-card-program.js';

/** A 健保卡 of a made-up person. */
export interface VirtualNhiCard {
  /** base64 of the 57 bytes. */
  readonly payload: string;
  readonly generation: NhiCardGeneration;
  /** 卡片註銷註記. */
  readonly status?: string;
}

/** A certificate card whose key is worth nothing: it lies in a file. */
export interface VirtualCertificateCard {
  /** DER in base64, as the key (PKCS#8). */
  readonly certificate: string;
  readonly privateKey: string;
  readonly pin: string;
}

export type VirtualCardContent = VirtualNhiCard | VirtualCertificateCard;

/** What such a card answers. */
export function programOf(content: VirtualCardContent): CardProgram {
  if ('payload' in content) {
    const { payload, generation, status = '1' } = content;
    return nhiCardProgram({ payload: Buffer.from(payload, 'base64'), status }, generation);
  }
  const { certificate, privateKey, pin } = content;
  const key = Buffer.from(privateKey, 'base64');
  return pivCardProgram({
    certificate: Buffer.from(certificate, 'base64'), pin,
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  });
}

/** The card that a file says is in the reader: `{"inserted": {…}}`, or `{"inserted": null}` for none. */
export function contentIn(file: string): VirtualCardContent | null {
  if (!existsSync(file)) return null;
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { inserted: VirtualCardContent | null }).inserted;
  } catch (error) {
    throw new AgentError('reader-failed', { cause: error });
  }
}
