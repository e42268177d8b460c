const decoder = new TextDecoder('big5', { fatal: true });
/** The last character of a long name may be cut in two by the field's end: it is flagged like the others. */
function decoded(lead: number, trail: number): string | null {
  if (!isStandard(lead * 256 + trail)) return null;
  try {
    return decoder.decode(new Uint8Array([lead, trail]));
  } catch {
    return null;
  }
}

/** 〓, which print shops put where they lack a character. */
const unknownCharacter = '〓';

const isTrail = (byte: number): boolean => (byte >= 0x40 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xfe);

/** The two levels of hanzi and the symbols before them, and seven hanzi everybody added. */
function isStandard(code: number): boolean {
  return (code >= 0xa140 && code <= 0xa3bf) || (code >= 0xa440 && code <= 0xc67e)
    || (code >= 0xc940 && code <= 0xf9dc);
}

export interface CardName { readonly text: string; readonly isComplete: boolean }

/**
 * Standard Big5 only. What the other code points mean was decided by whoever issued the card, and decoders
 * disagree about them: guessing one would print somebody else's name. Null where the bytes are no Big5 at
 * all, or no name.
 */
export function nameOfCard(bytes: Uint8Array): CardName | null {
  let text = '';
  let isComplete = true;
  let end = bytes.indexOf(0);
  if (end < 0) end = bytes.length;
  if (bytes.subarray(end).some((byte) => byte !== 0)) return null;
  for (let at = 0; at < end;) {
    const lead = bytes[at] ?? 0;
    if (lead >= 0x20 && lead <= 0x7e) {
      text += String.fromCharCode(lead);
      at += 1;
      continue;
    }
    const trail = bytes[at + 1];
    if (lead < 0x81 || lead === 0xff || (trail !== undefined && !isTrail(trail))) return null;
    const known = trail === undefined ? null : decoded(lead, trail);
    text += known ?? unknownCharacter;
    isComplete &&= known !== null;
    at += 2;
  }
  text = text.trim();
  return text === '' ? null : { text, isComplete };
}
