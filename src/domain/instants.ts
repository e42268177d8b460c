/**
 * Instants are ISO UTC text with milliseconds (`2019-05-10T03:04:05.678Z`), one spelling only, so that they
 * sort as time. Here is what arithmetic a rule may need; years 1970 to 9999.
 */
export type Instant = string;

const dayMs = 86_400_000;
const pattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})\.(\d{3})Z$/;

/** The same instant so much later (or earlier); null where the text is no instant. */
export function instantAfter(instant: Instant, ms: number): Instant | null {
  const start = millisecondsOf(instant);
  return start === null ? null : instantOf(start + ms);
}

/** The last of them. */
export const latestOf = (first: Instant, ...others: readonly Instant[]): Instant =>
  others.reduce((latest, other) => (other > latest ? other : latest), first);

/** Since 1970; null where the text is no instant. */
export function millisecondsOf(instant: Instant): number | null {
  const [, ...parts] = pattern.exec(instant) ?? [];
  if (parts.length === 0) return null;
  const [year, month, day, hour, minute, second, ms] = parts.map(Number) as [
    number, number, number, number, number, number, number,
  ];
  return daysBefore(year, month, day) * dayMs + ((hour * 60 + minute) * 60 + second) * 1_000 + ms;
}

function instantOf(since1970: number): Instant {
  const days = Math.floor(since1970 / dayMs);
  const ms = since1970 - days * dayMs;
  const [hour, minute, second] = [ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60].map(Math.floor);
  return `${dateOf(days)}T${two(hour)}:${two(minute)}:${two(second)}.${padded(ms % 1_000, 3)}Z`;
}

const padded = (number: number | undefined, length: number): string =>
  String(number ?? 0).padStart(length, '0');
const two = (number: number | undefined): string => padded(number, 2);

/** In years that begin in March the leap day comes last, and every month has its place by one formula. */
function daysBefore(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const marchMonth = (month + 9) % 12;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 1 - daysTo1970;
}
const daysTo1970 = 719_468;
const daysIn400Years = 146_097;

function dateOf(since1970: number): string {
  const days = since1970 + daysTo1970;
  const era = Math.floor(days / daysIn400Years);
  const day = days - era * daysIn400Years;
  const year = Math.floor(
    (day - Math.floor(day / 1_460) + Math.floor(day / 36_524) - Math.floor(day / 146_096)) / 365);
  const dayOfYear = day - (365 * year + Math.floor(year / 4) - Math.floor(year / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const dayOfMonth = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return `${padded(era * 400 + year + (month <= 2 ? 1 : 0), 4)}-${two(month)}-${two(dayOfMonth)}`;
}
