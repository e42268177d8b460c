// As much of DER (X.690) as a signed message and the outside of a certificate need.

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length. */
  readonly whole: Uint8Array;
}

export const tags = {
  integer: 0x02, octets: 0x04, null: 0x05, oid: 0x06, sequence: 0x30, set: 0x31,
} as const;

export function encode(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  // No message here is longer than two bytes can say.
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const size = length < 0x80 ? [length] : long;
  return Buffer.concat([Uint8Array.of(tag, ...size), content]);
}

export const sequence = (...parts: readonly Uint8Array[]): Buffer => encode(tags.sequence, ...parts);

/** Without zeros before it, save the one that keeps it from being negative. */
export function unsignedInteger(bytes: Uint8Array): Buffer {
  const from = bytes.findIndex((byte) => byte !== 0);
  const significant = from < 0 ? bytes.subarray(-1) : bytes.subarray(from);
  const isHigh = (significant[0] ?? 0) >= 0x80;
  return encode(tags.integer, isHigh ? Uint8Array.of(0) : new Uint8Array(), significant);
}

export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return encode(tags.oid, Uint8Array.from([first * 40 + second, ...rest].flatMap(base128)));
}

function base128(value: number): number[] {
  const groups = [value & 0x7f];
  for (let rest = value >> 7; rest > 0; rest >>= 7) groups.unshift(rest & 0x7f | 0x80);
  return groups;
}

/** The elements in a row. Throws where the bytes are none: what a card holds is not always a certificate. */
export function elementsOf(bytes: Uint8Array): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0xff;
    const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
    const start = at + 2 + lengthBytes;
    let length = lengthBytes === 0 ? first : 0;
    for (const byte of bytes.subarray(at + 2, start)) length = length * 256 + byte;
    const end = start + length;
    if (lengthBytes > 3 || end > bytes.length) throw new RangeError('not DER');
    elements.push({
      tag: bytes[at] ?? 0, content: bytes.subarray(start, end), whole: bytes.subarray(at, end),
    });
    at = end;
  }
  return elements;
}
