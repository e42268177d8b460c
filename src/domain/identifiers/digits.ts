const zero = 48;
const nine = 57;

/** Whether the text is `min` to `max` ASCII digits. Full-width ones would not compare equal to them. */
export function isDigits(text: string, min: number, max = min): boolean {
  if (text.length < min || text.length > max) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < zero || code > nine) return false;
  }
  return true;
}

/** Sum of digit × weight, digits taken from `from` on. The caller knows that they are digits. */
export function weightedSum(text: string, weights: readonly number[], from = 0): number {
  return weights.reduce((sum, weight, i) => sum + weight * (text.charCodeAt(from + i) - zero), 0);
}
