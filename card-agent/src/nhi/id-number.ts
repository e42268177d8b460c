// The letters in the order of the numbers 10, 11, … that they stand for in the checksum. I and O came late.
const letters = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];

/**
 * 身分證統一編號 (second place 1 or 2), 統一證號 of today (8 or 9) and of before 110 (A to D), by form and
 * checksum.
 */
export function isIdNumber(text: string): boolean {
  const match = /^([A-Z])([1289A-D])(\d{8})$/.exec(text);
  if (!match) return false;
  const [, area = '', kind = '', rest = ''] = match;
  const areaNumber = letters.indexOf(area) + 10;
  // In the old certificate the second letter counts by the last digit of its number.
  const kindDigit = /\d/.test(kind) ? Number(kind) : (letters.indexOf(kind) + 10) % 10;
  const digits = [Math.floor(areaNumber / 10), areaNumber % 10, kindDigit, ...[...rest].map(Number)];
  return digits.reduce((sum, digit, at) => sum + digit * (weights[at] ?? 0), 0) % 10 === 0;
}
