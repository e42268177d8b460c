import fc from 'fast-check';
import {
  compactRocDate, isIsoDate, isRocYear, parseDate, parseRocYear, rocDate, taipeiDate,
} from '../../src/domain/roc-date.js';

describe('a date', () => {
  it.each([
    ['108/05/10', '2019-05-10'], ['1080510', '2019-05-10'], ['2019-05-10', '2019-05-10'],
    ['090/01/01', '2001-01-01'], ['0900101', '2001-01-01'], ['001/01/01', '1912-01-01'],
    ['9991231', '2910-12-31'],
  ])('is read from %s as %s', (text, iso) => expect(parseDate(text)).toBe(iso));

  it.each(['1130229', '113/02/29', '2024-02-29', '0890229'])('has a 29 February in a leap year of 西元: %s',
    (text) => expect(parseDate(text)).toMatch(/-02-29$/));

  it.each(['1140229', '112/02/29', '2023-02-29', '1890229'])('has no 29 February in another: %s',
    (text) => expect(parseDate(text)).toBeNull());

  it.each([
    '108/5/10', '108/05/1', '1080510 ', ' 1080510', '108-05-10', '2019/05/10', '20190510', '10805101',
    '90/01/01',
    '000/01/01', '0000101', '1911-12-31', '2911-01-01', '1080431', '1081301', '1080001', '1080500',
    '2019-5-10',
    '2019-05-1x', '2019-0:-10', '2019-05-1/', '201:-05-10', '2019-05-10T00:00:00Z', '１０８0510', '', 'today',
  ])('is not read from %j', (text) => expect(parseDate(text)).toBeNull());

  it('is shown as 108/05/10 on screens and as 1080510 in reports', () => {
    expect([rocDate('2019-05-10'), compactRocDate('2019-05-10')]).toEqual(['108/05/10', '1080510']);
    expect([rocDate('2001-01-01'), compactRocDate('1912-01-01')]).toEqual(['090/01/01', '0010101']);
  });

  it('exists exactly when the calendar has it, from 1912 to 2910', () => {
    const parts = fc.tuple(
      fc.integer({ min: 1900, max: 2920 }), fc.integer({ min: 0, max: 13 }), fc.integer({ min: 0, max: 32 }));
    fc.assert(fc.property(parts, ([year, month, day]) => {
      const iso = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
      const calendar = new Date(Date.UTC(year, month - 1, day));
      const exists = year >= 1912 && year <= 2910 && calendar.toISOString().startsWith(iso);
      expect(isIsoDate(iso)).toBe(exists);
    }), { seed: 1_080_510, numRuns: 2_000 });
  });

  it('comes back from both ways of showing it', () => {
    const dayNumber = (...day: [number, number, number]) => Date.UTC(...day) / 86_400_000;
    const days = fc.integer({ min: dayNumber(1912, 0, 1), max: dayNumber(2910, 11, 31) });
    fc.assert(fc.property(days, (day) => {
      const iso = new Date(day * 86_400_000).toISOString().slice(0, 10);
      expect([parseDate(rocDate(iso)), parseDate(compactRocDate(iso)), parseDate(iso)])
        .toEqual([iso, iso, iso]);
    }), { seed: 1_080_510, numRuns: 2_000 });
  });
});

describe('a 民國 year', () => {
  it('is 1 to 999', () => {
    expect(['1', '090', '108', '999'].map(parseRocYear)).toEqual([1, 90, 108, 999]);
    expect([0, 1000, 108.5, NaN].filter(isRocYear)).toEqual([]);
  });

  it.each(['', '0', '000', '2019', '1e2', '-1', ' 108', '一百'])('is not %j', (text) =>
    expect(parseRocYear(text)).toBeNull());
});

describe('the day in Taipei', () => {
  it.each([
    ['2019-06-14T02:15:19.526Z', '2019-06-14'], ['2019-06-14T15:59:59.999Z', '2019-06-14'],
    ['2019-06-14T16:00:00.000Z', '2019-06-15'], ['2019-06-30T16:00:00.000Z', '2019-07-01'],
    ['2024-02-28T16:00:00Z', '2024-02-29'], ['2023-02-28T16:00:00Z', '2023-03-01'],
    ['2030-12-31T15:59:59Z', '2030-12-31'], ['2030-12-31T16:00:00Z', '2031-01-01'],
  ])('at %s is %s', (instant, day) => expect(taipeiDate(instant)).toBe(day));
});
