/** 民國 `YYYMMDD` as an ISO date, or null when there is no such day. 民國 1 is 1912. */
export function parseRocDate(text: string): string | null {
  if (!/^\d{7}$/.test(text)) return null;
  const rocYear = Number(text.slice(0, 3));
  const month = Number(text.slice(3, 5));
  const day = Number(text.slice(5));
  const year = rocYear + 1911;
  if (rocYear === 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return null;
  return `${year}-${text.slice(3, 5)}-${text.slice(5)}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
