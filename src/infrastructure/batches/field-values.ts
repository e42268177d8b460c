import type { IsoDate } from '../../domain/roc-date.js';
import { isIsoDate, parseDate } from '../../domain/roc-date.js';

/** A year has 366 days in at most three spellings; more than this is a file that is something else. */
const rememberedDates = 5_000;

/** A file names the same few hundred days millions of times. */
export class DateReader {
  private known = new Map<string, IsoDate | null>();

  read(text: string): IsoDate | null {
    const known = this.known.get(text);
    if (known !== undefined) return known;
    const date = parseDate(text);
    if (this.known.size >= rememberedDates) this.known = new Map();
    this.known.set(text, date);
    return date;
  }
}

const time = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:[.,]\d{1,9})?)?(Z|[+-](?:0\d|1[0-4]):?[0-5]\d)?$/;

/** An ISO 8601 time as a UTC instant with milliseconds. A time without a zone is Taipei's. */
export function parseInstant(text: string): string | null {
  const match = time.exec(text);
  if (!match || !isIsoDate(match[1])) return null;
  const zoned = (match[3] === undefined ? `${text}+08:00` : text).replace(',', '.');
  const instant = new Date(zoned);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

const lineBreaks = /\s*(?:\r\n|\r|\n)\s*/g;

/**
 * Free words go into postscripts and table cells of one line: a line break in a quoted field becomes a space.
 */
export const onOneLine = (text: string): string => text.trim().replace(lineBreaks, ' ');
