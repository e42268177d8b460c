import { isDigits } from './digits.js';

const weights = [1, 2, 1, 2, 1, 2, 4, 1];
const seventh = 6;

/**
 * 營利事業統一編號. Since 112/04/01 the sum of the products' digits must divide by 5 (before: by 10); whoever
 * still asks for 10 rejects real companies. A 7 in seventh place makes 28, whose digits add up to 10, which
 * counts as 0 or as 1. `00000000` passes the sum and is nobody's number.
 */
export function isUbn(text: string): boolean {
  if (!isDigits(text, 8) || text === '00000000') return false;
  const sum = weights.reduce((total, weight, i) => total + digitSum(weight * Number(text.charAt(i))), 0);
  return sum % 5 === 0 || (text.charAt(seventh) === '7' && (sum + 1) % 5 === 0);
}

const digitSum = (product: number): number => Math.floor(product / 10) + (product % 10);
