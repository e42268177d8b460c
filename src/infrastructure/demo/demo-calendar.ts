const dayMs = 86_400_000;
const daysOfAYear = 365;

/** The working days of the twelve months up to and including `until`, oldest first, as ISO dates. */
export function workingDays(until: string): readonly string[] {
  const last = Date.parse(`${until}T00:00:00Z`);
  if (Number.isNaN(last)) throw new RangeError('not an ISO date');
  const days: string[] = [];
  for (let day = last - (daysOfAYear - 1) * dayMs; day <= last; day += dayMs) {
    const weekday = new Date(day).getUTCDay();
    if (weekday !== 0 && weekday !== 6) days.push(new Date(day).toISOString().slice(0, 10));
  }
  return days;
}
