import type { DerReader, Element } from './der.js';
import { inside, notDer, tags } from './der.js';

/** `2.5.29.15`. Arcs beyond 2^53 exist nowhere we read. */
export function readOid(reader: DerReader): string {
  return oidOf(reader.next(tags.oid));
}

export function oidOf({ content }: Element): string {
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of content) {
    if (arc === 0 && byte === 0x80) return notDer();
    arc = arc * 128 + (byte & 0x7f);
    if (!Number.isSafeInteger(arc)) return notDer();
    if ((byte & 0x80) === 0) {
      arcs.push(arc);
      arc = 0;
    }
  }
  const [first, ...others] = arcs;
  if (first === undefined || ((content.at(-1) ?? 0) & 0x80) !== 0) return notDer();
  const top = Math.min(Math.floor(first / 40), 2);
  return [top, first - top * 40, ...others].join('.');
}

/** Lower-case hex of a non-negative integer in its shortest form, without the sign's leading zero byte. */
export function integerOf({ content }: Element): string {
  const [first, second] = content;
  if (first === undefined || first >= 0x80) return notDer();
  if (first === 0 && second !== undefined && second < 0x80) return notDer();
  return Buffer.from(first === 0 && content.length > 1 ? content.subarray(1) : content).toString('hex');
}

/** Of a version or a path length. */
export function smallIntegerOf(element: Element): number {
  const number = Number.parseInt(integerOf(element), 16);
  return number <= 0xff ? number : notDer();
}

export function booleanOf({ content }: Element): boolean {
  if (content.length !== 1 || (content[0] !== 0xff && content[0] !== 0)) return notDer();
  return content[0] === 0xff;
}

/** The bytes of a bit string that has whole bytes: a key or a signature. */
export function wholeBytesOf({ content }: Element): Uint8Array {
  return content[0] === 0 ? content.subarray(1) : notDer();
}

/** Numbers of the bits that are set. */
export function namedBitsOf({ content }: Element): ReadonlySet<number> {
  const [unused, ...bytes] = content;
  if (unused === undefined || unused > 7 || (bytes.length === 0 && unused > 0)) return notDer();
  const bits = new Set<number>();
  for (const [index, byte] of bytes.entries()) {
    for (let bit = 0; bit < 8; bit++) if ((byte & (0x80 >> bit)) !== 0) bits.add(index * 8 + bit);
  }
  return bits;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const bmp = new TextDecoder('utf-16be', { fatal: true, ignoreBOM: true });

/** Text of the kinds that certificates of this country carry. */
export function textOf({ tag, content }: Element): string {
  if (tag === tags.utf8) return decoded(utf8, content);
  if (tag === tags.bmp) return decoded(bmp, content);
  const isAscii = content.every((byte) => byte >= 0x20 && byte < 0x7f);
  if ((tag !== tags.printable && tag !== tags.ia5) || !isAscii) return notDer();
  return Buffer.from(content).toString('latin1');
}

function decoded(decoder: typeof utf8, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return notDer();
  }
}

/** Milliseconds of the epoch. Both forms end in Z and have seconds. */
export function readTime(reader: DerReader): number {
  const { tag, content } = reader.any();
  const text = Buffer.from(content).toString('latin1');
  const isShort = tag === tags.utcTime && /^\d{12}Z$/.test(text);
  if (!isShort && !(tag === tags.generalizedTime && /^\d{14}Z$/.test(text))) return notDer();
  const full = isShort ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text;
  const iso = full.replace(/^(....)(..)(..)(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const time = Date.parse(iso);
  // 0230 would be 0302: no date that is none.
  return !Number.isNaN(time) && new Date(time).toISOString() === iso ? time : notDer();
}

export const isTime = ({ tag }: Element): boolean => tag === tags.utcTime || tag === tags.generalizedTime;

/** Attributes of a distinguished name, in order; those whose text is of another kind are left out. */
export interface NameAttribute { readonly type: string; readonly value: Element }

export function nameAttributesOf(name: Element): readonly NameAttribute[] {
  return [...inside(name).rest(tags.set)].flatMap((set) =>
    [...inside(set).rest(tags.sequence)].map((pair) => {
      const members = inside(pair);
      const attribute = { type: readOid(members), value: members.any() };
      members.end();
      return attribute;
    }));
}
