/**
 * A name as the card has it. Characters outside standard Big5 lie in areas that every vendor filled
 * otherwise: they are shown as 〓 and listed, never guessed, because a wrong name is worse than a gap that
 * the person fills in.
 */
export interface CardName {
  readonly text: string;
  readonly undecoded: readonly { readonly at: number; readonly code: string }[];
}

const gap = '〓';
const decoder = new TextDecoder('big5', { fatal: true });

/** Null when the bytes are no Big5 at all: then the card, or the reading of it, is damaged. */
export function decodeName(field: Uint8Array): CardName | null {
  const end = field.indexOf(0);
  const bytes = end < 0 ? field : field.subarray(0, end);
  if (end >= 0 && field.subarray(end).some((byte) => byte !== 0)) return null;
  const characters: string[] = [];
  const undecoded: { at: number; code: string }[] = [];
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0;
    const unit = bytes.subarray(at, at + (lead < 0x80 ? 1 : 2));
    const character = decodeUnit(unit);
    if (character === null) return null;
    if (character === undefined) undecoded.push({ at: characters.length, code: hex(unit) });
    characters.push(character ?? gap);
    at += unit.length;
  }
  // Big5 has two characters twice (兀, 嗀); whichever the card has, it is the same name.
  const text = characters.join('').replace(/[ \u3000]+$/u, '').normalize('NFC');
  return text === '' ? null : { text, undecoded };
}

/** The character; undefined when nobody can say which; null when it cannot stand in a name at all. */
function decodeUnit(unit: Uint8Array): string | undefined | null {
  const [lead = 0, trail] = unit;
  if (lead < 0x80) return lead >= 0x20 && lead < 0x7f ? String.fromCharCode(lead) : null;
  // A character cut in two by the end of the twenty bytes.
  if (trail === undefined) return undefined;
  if (lead === 0x80 || lead === 0xff || !isTrail(trail)) return null;
  if (!isStandard(lead << 8 | trail)) return undefined;
  try {
    return decoder.decode(unit);
  } catch {
    return undefined;
  }
}

const isTrail = (byte: number): boolean => byte >= 0x40 && byte <= 0x7e || byte >= 0xa1 && byte <= 0xfe;

/**
 * Signs, 常用字, 次常用字, and the seven characters of 倚天 that every table has in the same place
 * (碁銹裏墻恒粧嫺). The platform's decoder would read the user-defined areas as those of Hong Kong.
 */
function isStandard(code: number): boolean {
  return code >= 0xa140 && code <= 0xa3bf || code >= 0xa440 && code <= 0xc67e
    || code >= 0xc940 && code <= 0xf9dc;
}

const hex = (unit: Uint8Array): string => Buffer.from(unit).toString('hex').toUpperCase();
