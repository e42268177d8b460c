import type { KeyObject } from 'node:crypto';
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
/** 96 bits is the length GCM is made for; drawn at random, safe for far more values than one person has. */
const ivBytes = 12;
/** The full tag: a shortened one is easier to forge. */
const authTagLength = 16;
const overhead = ivBytes + authTagLength;

/** iv ‖ ciphertext ‖ tag; `bound` is authenticated with it and has to be the same when it is opened. */
export function encrypt(key: KeyObject, plain: Buffer, bound: string): Buffer {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength }).setAAD(Buffer.from(bound));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** null when it was not made with this key for this binding, or was changed since. */
export function decrypt(key: KeyObject, sealed: Buffer, bound: string): Buffer | null {
  if (sealed.length < overhead) return null;
  const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, ivBytes), { authTagLength })
    .setAAD(Buffer.from(bound))
    .setAuthTag(sealed.subarray(-authTagLength));
  const start = decipher.update(sealed.subarray(ivBytes, -authTagLength));
  try {
    return Buffer.concat([start, decipher.final()]);
  } catch {
    return null;
  }
}
