const lastOfC0 = 0x1f;
const del = 0x7f;
const lastOfC1 = 0x9f;
const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;
const isLowSurrogate = (code: number): boolean => code >= 0xdc00 && code <= 0xdfff;
/** Embeddings, overrides and isolates: what follows them could be shown as something else. */
const turnsDirection = (code: number): boolean =>
  code >= 0x202a && code <= 0x2069 && (code <= 0x202e || code >= 0x2066);

/**
 * No control characters, no halves of characters, nothing that turns the direction of a line: reports cannot
 * print them, a text column cannot hold some of them, and a fact that no table can show would stop every
 * reader of the log. By codes, not by a pattern: a batch of a million payments asks this ten million times.
 */
export function isPrintable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code <= lastOfC0 || (code >= del && code <= lastOfC1) || turnsDirection(code)) return false;
    if (isLowSurrogate(code)) return false;
    if (isHighSurrogate(code) && !isLowSurrogate(text.charCodeAt(++i))) return false;
  }
  return true;
}
