import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Keyed, because there are only so many ID and card numbers: without the key a table of them all would read
 * the hashes backwards. They stand in one table, which forgets; never in a fact, which does not.
 */
export class PersonDigests {
  constructor(private readonly key: Buffer) {}

  ofIdNumber(idNumber: string): Buffer {
    return this.of('id number', idNumber);
  }

  ofCard(cardNumber: string): Buffer {
    return this.of('card', cardNumber);
  }

  private of(kind: string, text: string): Buffer {
    return createHmac('sha256', this.key).update(JSON.stringify([kind, text])).digest();
  }
}

/** Of words with 256 random bits, which nobody guesses: a plain hash keeps them as well as any. */
export const digestOfSecret = (secret: string | Uint8Array): Buffer =>
  createHash('sha256').update(secret).digest();

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b);
