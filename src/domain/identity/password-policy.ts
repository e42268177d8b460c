import { commonPasswords } from './common-passwords.js';

/** Of this version; a fact that a password was set says by which. */
export const passwordPolicyVersion = 1;
const fewest = 8;
const most = 64;

export const passwordRefusals = [
  'password/too-short', 'password/too-long', 'password/too-common', 'password/personal',
] as const;
export type PasswordRefusal = (typeof passwordRefusals)[number];

/** What is written around the person, and tried right after the common ones. */
export interface AboutThePerson {
  readonly cardNumber?: string;
  readonly idNumber?: string;
  readonly name?: string;
  readonly email?: string;
  readonly mobile?: string;
  /** ISO. */
  readonly birthDate?: string;
}

/** The same password from every keyboard: what looks alike to Unicode's compatibility rules is alike. */
export const normalPassword = (password: string): string => password.normalize('NFKC');

/** Any characters, no composition; length, and none that is guessed first. Null when it will do. */
export function passwordProblem(password: string, about: AboutThePerson = {}): PasswordRefusal | null {
  const normal = normalPassword(password);
  const length = [...normal].length;
  if (length < fewest) return 'password/too-short';
  if (length > most) return 'password/too-long';
  const lower = normal.toLowerCase();
  if (commonPasswords.has(lower) || isMonotonous(lower)) return 'password/too-common';
  return isPersonal(lower, about) ? 'password/personal' : null;
}

const runs = [
  '01234567890123456789', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm',
];
const reversed = (text: string): string => [...text].reverse().join('');

/** One character or pair over and over, or a run along the alphabet, the digits or the keyboard. */
function isMonotonous(text: string): boolean {
  for (const part of [1, 2, 3, 4]) {
    if (text === text.slice(0, part).repeat(Math.ceil(text.length / part)).slice(0, text.length)) return true;
  }
  return runs.some((run) => run.includes(text) || reversed(run).includes(text));
}

function isPersonal(text: string, about: AboutThePerson): boolean {
  const { cardNumber, idNumber, name, mobile, birthDate, email } = about;
  const mailbox = email?.split('@')[0];
  const words = [cardNumber, idNumber, name, mobile, email, mailbox, ...birthdays(birthDate)];
  return words.some((word) => {
    const known = word?.normalize('NFKC').toLowerCase();
    if (known === undefined || known === '') return false;
    return text === known || (known.length >= fewest && text.includes(known));
  });
}

const rocOffset = 1911;

/** As people write them: 西元, 民國 with and without its leading zero. */
function birthdays(iso: string | undefined): readonly string[] {
  if (iso === undefined) return [];
  const digits = iso.replaceAll('-', '');
  const roc = String(Number(digits.slice(0, 4)) - rocOffset) + digits.slice(4);
  return [digits, iso, iso.replaceAll('-', '/'), roc, roc.padStart(7, '0')];
}
