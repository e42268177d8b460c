/** Identifier octets of what certificates, revocation lists and signed messages are made of. */
export const tags = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, nothing: 0x05, oid: 0x06,
  utf8: 0x0c, printable: 0x13, ia5: 0x16, utcTime: 0x17, generalizedTime: 0x18, bmp: 0x1e,
  sequence: 0x30, set: 0x31,
} as const;

/** `[n]` of a type; primitive where it stands in place of a primitive type. */
export const context = (number: number): number => 0xa0 + number;
export const primitiveContext = (number: number): number => 0x80 + number;

export interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** With tag and length: what a signature or a comparison covers. */
  readonly encoded: Uint8Array;
}

/** The bytes are not what they must be. Never leaves this folder: `readWhole` turns it into null. */
class NotDer extends Error {}
export const notDer = (): never => { throw new NotDer(); };

const longForm = 0x80;
/** Of a length. Four would be more than anything we read. */
const maxLengthBytes = 4;

/**
 * Reads one element after the other, in the one encoding DER allows: a single-byte tag, the shortest definite
 * length. Nothing may be left over, so that no byte of a message escapes being looked at.
 */
export class DerReader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  next(tag: number): Element {
    return this.optional(tag) ?? notDer();
  }

  optional(tag: number): Element | null {
    return this.bytes[this.at] === tag ? this.any() : null;
  }

  any(): Element {
    const { bytes, at: start } = this;
    const tag = bytes[start];
    if (tag === undefined || (tag & 0x1f) === 0x1f) return notDer();
    this.at = start + 1;
    const length = this.length();
    const from = this.at;
    if (length > bytes.length - from) return notDer();
    this.at = from + length;
    return { tag, content: bytes.subarray(from, this.at), encoded: bytes.subarray(start, this.at) };
  }

  end(): void {
    if (!this.isAtEnd) notDer();
  }

  /** All that is left, each of this tag. */
  *rest(tag: number): Generator<Element> {
    while (!this.isAtEnd) yield this.next(tag);
  }

  private length(): number {
    const first = this.byte();
    if (first < longForm) return first;
    const count = first - longForm;
    if (count === 0 || count > maxLengthBytes) return notDer();
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.byte();
    const isShortest = length >= longForm && length >= 256 ** (count - 1);
    return isShortest ? length : notDer();
  }

  private byte(): number {
    return this.bytes[this.at++] ?? notDer();
  }
}

export const inside = (element: Element): DerReader => new DerReader(element.content);

/** Reads a sequence that holds exactly what is read of it. */
export function readSequence<T>(element: Element, read: (members: DerReader) => T): T {
  const members = inside(element);
  const value = read(members);
  members.end();
  return value;
}

/** Null for bytes that are not DER, or not of that form. Any other error is a fault of ours, and thrown. */
export function readWhole<T>(bytes: Uint8Array, read: (outer: DerReader) => T): T | null {
  return unlessNotDer(() => {
    const outer = new DerReader(bytes);
    const value = read(outer);
    outer.end();
    return value;
  });
}

/** Whatever follows it. */
export const firstSequence = (bytes: Uint8Array): Element | null =>
  unlessNotDer(() => new DerReader(bytes).next(tags.sequence));

function unlessNotDer<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof NotDer) return null;
    throw error;
  }
}
