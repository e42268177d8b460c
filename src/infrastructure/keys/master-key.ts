import type { KeyObject } from 'node:crypto';
import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyOwner } from '../../application/personal-keys.js';
import { decrypt, encrypt } from './aes-gcm.js';

const keyBytes = 32;

/** Keeps the personal keys: whoever has the database alone, or a backup of it, can read nobody's data. */
export class MasterKey {
  private constructor(private readonly key: KeyObject) {}

  static fromBase64(text: string): MasterKey {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.length !== keyBytes || bytes.toString('base64') !== text) {
      throw new Error('the master key is 32 bytes in standard base64');
    }
    return new MasterKey(createSecretKey(bytes));
  }

  static random(): MasterKey {
    return new MasterKey(createSecretKey(randomBytes(keyBytes)));
  }

  /** A fresh key for the owner, readable only through this master key. */
  wrapNewKey(owner: KeyOwner, keyId: string): Buffer {
    const raw = randomBytes(keyBytes);
    const wrapped = encrypt(this.key, raw, binding(owner, keyId));
    raw.fill(0);
    return wrapped;
  }

  opens(owner: KeyOwner, keyId: string, wrapped: Buffer): boolean {
    const raw = decrypt(this.key, wrapped, binding(owner, keyId));
    raw?.fill(0);
    return raw !== null;
  }

  /** A KeyObject holds the key outside the JavaScript heap: it is in no heap dump and prints as nothing. */
  unwrap(owner: KeyOwner, keyId: string, wrapped: Buffer): KeyObject {
    const raw = decrypt(this.key, wrapped, binding(owner, keyId));
    if (raw === null) throw new Error(`this master key does not open key ${keyId}`);
    const key = createSecretKey(raw);
    raw.fill(0);
    return key;
  }
}

/** Bound to its row: a wrapped key moved to another person or purpose does not open. */
const binding = ({ subject, purpose }: KeyOwner, keyId: string): string =>
  JSON.stringify([subject, purpose, keyId]);
