import type { KeyObject } from 'node:crypto';
import type { SealedAt } from '../../application/personal-keys.js';
import { decrypt, encrypt } from './aes-gcm.js';

/** `s1.<key id>.<iv ‖ ciphertext ‖ tag>`: a later format gets another mark and both stay readable. */
const tokenPattern = /^s1\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([A-Za-z0-9_-]+)$/;

export interface Token { readonly keyId: string; readonly sealed: Buffer }

/** An array in JSON keeps its parts apart: no two places ever give the same text. */
const binding = ({ stream, eventId, field }: SealedAt): string => JSON.stringify([stream, eventId, field]);

export const sealText = (key: KeyObject, keyId: string, plain: string, at: SealedAt): string =>
  `s1.${keyId}.${encrypt(key, Buffer.from(plain), binding(at)).toString('base64url')}`;

export const openToken = (key: KeyObject, token: Token, at: SealedAt): string | null =>
  decrypt(key, token.sealed, binding(at))?.toString('utf8') ?? null;

/** One spelling per value: Node's decoder ignores stray bits, so what it read must spell the same again. */
export function parseToken(text: string): Token | null {
  const [, keyId, body] = tokenPattern.exec(text) ?? [];
  if (keyId === undefined || body === undefined) return null;
  const sealed = Buffer.from(body, 'base64url');
  return sealed.toString('base64url') === body ? { keyId, sealed } : null;
}
