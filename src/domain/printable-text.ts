const lastOfC0 = 0x1f;
const del = 0x7f;
const lastOfC1 = 0x9f;
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;

/**
 * No control characters and no halves of characters: reports cannot print them, a text column cannot hold
 * some of them, and a fact that no table can show would stop every reader of the log.
 */
export function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= lastOfC0 || (code >= del && code <= lastOfC1) || isLowSurrogate(code)) return false;
    if (isHighSurrogate(code) && !isLowSurrogate(text.charCodeAt(++i))) return false;
  }
  return true;
}
