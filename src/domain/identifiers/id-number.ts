import type { IsoDate } from '../roc-date.js';
import { weightedSum } from './digits.js';

/** 身分證統一編號, 新式統一證號 (since 2021-01-02), 舊式統一證號. */
export type IdNumberKind = 'national' | 'resident' | 'old-resident';

/** 舊式統一證號 may be used up to this day and is void from 民國 120 on (移民署, announced with the new form). */
export const oldResidentLastDay: IsoDate = '2030-12-31';

/** A letter counts as its number from 10 on, in this historical order: I, O, W and Z came late. */
const letterOrder = 'ABCDEFGHJKLMNPQRSTUVXYWZIO';
const weights = [1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1];

/** What kind of number this is, checksum included; null when it is none. Upper case only, as on the card. */
export function idNumberKind(text: string): IdNumberKind | null {
  const kind = kindByShape(text);
  return kind && weightedSum(asDigits(text), weights) % 10 === 0 ? kind : null;
}

/** Whether a person may be registered under this number on that day. */
export function isIdNumber(text: string, on: IsoDate): boolean {
  const kind = idNumberKind(text);
  if (kind === 'old-resident') return on <= oldResidentLastDay;
  return kind !== null;
}

function kindByShape(text: string): IdNumberKind | null {
  if (/^[A-Z][12]\d{8}$/.test(text)) return 'national';
  if (/^[A-Z][89]\d{8}$/.test(text)) return 'resident';
  return /^[A-Z][A-D]\d{8}$/.test(text) ? 'old-resident' : null;
}

/** Eleven digits: both of the first letter's number, of a second letter only the units. */
function asDigits(text: string): string {
  const first = String(letterOrder.indexOf(text.charAt(0)) + 10);
  const second = letterOrder.indexOf(text.charAt(1));
  return first + (second < 0 ? text.charAt(1) : String(second % 10)) + text.slice(2);
}
