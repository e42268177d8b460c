import type { KeyObject } from 'node:crypto';
import { constants, createECDH, privateDecrypt, randomBytes } from 'node:crypto';

/** Order of the curve's group, and its name where points are reckoned (SEC 2). */
const curves: Readonly<Record<string, { readonly name: string; readonly order: bigint }>> = {
  'P-256': {
    name: 'prime256v1', order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  },
  'P-384': {
    name: 'secp384r1',
    order: 0xffffffffffffffffffffffffffffffffffffffffffffffffn << 192n
      | 0xc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  },
};

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x0${Buffer.from(bytes).toString('hex')}`);
const bytesOf = (value: bigint, length: number): Buffer =>
  Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex');

/** The private operation of RSA on a whole block, as a card is asked for it. */
export const rawRsa = (key: KeyObject, block: Uint8Array): Buffer =>
  privateDecrypt({ key, padding: constants.RSA_NO_PADDING }, block);

/**
 * ECDSA (FIPS 186-5 §6.4) over a digest that somebody else made: Node signs only what it hashes itself. The
 * arithmetic takes a time that tells of the key, which is made up. Answers r and s.
 */
export function rawEcdsa(key: KeyObject, digest: Uint8Array): { readonly r: Buffer; readonly s: Buffer } {
  const { crv = '', d = '' } = key.export({ format: 'jwk' });
  const curve = curves[crv];
  if (!curve) throw new Error(`no such curve: ${crv}`);
  const { name, order } = curve;
  const size = order.toString(16).length / 2;
  const [secret, e] = [numberOf(Buffer.from(d, 'base64url')), numberOf(digest.subarray(0, size))];
  for (;;) {
    const k = numberOf(randomBytes(size + 8)) % (order - 1n) + 1n;
    const ecdh = createECDH(name);
    ecdh.setPrivateKey(bytesOf(k, size));
    const r = numberOf(ecdh.getPublicKey().subarray(1, 1 + size)) % order;
    const s = power(k, order - 2n, order) * (e + r * secret) % order;
    if (r !== 0n && s !== 0n) return { r: bytesOf(r, size), s: bytesOf(s, size) };
  }
}

/** Raised to order - 2 it is the inverse (Fermat). */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let [result, square] = [1n, base % modulus];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % modulus;
    square = square * square % modulus;
  }
  return result;
}
