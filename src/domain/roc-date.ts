/**
 * Dates are ISO text (`2019-05-10`) everywhere inside; 民國 and 西元 meet only here. There is no `Date`: it
 * has a zone and repairs 31 February, and a day of payment wants neither. 民國 1 to 999: 1912 to 2910.
 */
export type IsoDate = string;

const firstYear = 1912;
const lastYear = 2910;
const rocOffset = 1911;
const zoneHours = 8;
const zero = 48;

/** `108/05/10`, `1080510` or `2019-05-10`, to the character; null for all else, 31 February included. */
export function parseDate(text: string): IsoDate | null {
  const roc = /^(\d{3})(?:\/(\d{2})\/(\d{2})|(\d{2})(\d{2}))$/.exec(text);
  if (!roc) return isIsoDate(text) ? text : null;
  const year = Number(roc[1]) + rocOffset;
  const iso = `${year}-${roc[2] ?? roc[4]}-${roc[3] ?? roc[5]}`;
  return isIsoDate(iso) ? iso : null;
}

/** Read by character codes: a batch of a million payments asks this several million times. */
export function isIsoDate(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  return year >= firstYear && year <= lastYear && day >= 1 && day <= daysIn(year, month);
}

/** `108/05/10`, as on screens. The date must be an ISO date: whoever holds one got it from here. */
export const rocDate = (iso: IsoDate): string => `${rocYear(iso)}/${iso.slice(5, 7)}/${iso.slice(8, 10)}`;

/** `1080510`, as in reports and sheets. */
export const compactRocDate = (iso: IsoDate): string => rocYear(iso) + iso.slice(5, 7) + iso.slice(8, 10);

/** 會計年度 as written in a file: `108`, also `090`; a number of 1 to 999, or null. */
export function parseRocYear(text: string): number | null {
  if (!/^\d{1,3}$/.test(text)) return null;
  const year = Number(text);
  return isRocYear(year) ? year : null;
}

export const isRocYear = (year: number): boolean => Number.isInteger(year) && year >= 1 && year <= 999;

/** The day in Taipei at an ISO UTC instant: eight hours ahead, with no summer time since 1979. */
export function taipeiDate(instant: string): IsoDate {
  const day = instant.slice(0, 10);
  return digits(instant, 11, 13) + zoneHours < 24 ? day : dayAfter(day);
}

function dayAfter(iso: IsoDate): IsoDate {
  const year = digits(iso, 0, 4);
  const month = digits(iso, 5, 7);
  const day = digits(iso, 8, 10);
  if (day < daysIn(year, month)) return isoDate(year, month, day + 1);
  return month < 12 ? isoDate(year, month + 1, 1) : isoDate(year + 1, 1, 1);
}

const isoDate = (year: number, month: number, day: number): IsoDate => `${year}-${two(month)}-${two(day)}`;
const two = (number: number): string => String(number).padStart(2, '0');
const rocYear = (iso: IsoDate): string => String(digits(iso, 0, 4) - rocOffset).padStart(3, '0');

/** 0 for a month no calendar has: no day fits it. Leap years follow the 西元 year, never the 民國 one. */
function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  if (month === 4 || month === 6 || month === 9 || month === 11) return 30;
  return month >= 1 && month <= 12 ? 31 : 0;
}

/** NaN when a character is not a digit; every comparison with NaN is false. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - zero;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}
