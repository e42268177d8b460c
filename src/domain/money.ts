/**
 * Money is whole 元 in a JavaScript integer. 2^53 and more is refused rather than rounded: from there on a
 * number no longer tells neighbouring amounts apart, and JSON readers elsewhere would change what was paid.
 */
export const largestYuan = Number.MAX_SAFE_INTEGER;

export const isYuan = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** Digits alone: no sign, fraction, separator or leading zero, so that one amount has one spelling. */
export function parseYuan(text: string): number | null {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const yuan = Number(text);
  return isYuan(yuan) ? yuan : null;
}

/** The sum, or null where it can no longer be told exactly. */
export function addYuan(a: number, b: number): number | null {
  const sum = a + b;
  return isYuan(sum) ? sum : null;
}
