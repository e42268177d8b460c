import fc from 'fast-check';
import { instantAfter, millisecondsOf } from '../../src/domain/instants.js';

const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const moment = fc.integer({ min: 0, max: last });

describe('an instant', () => {
  it('is as many milliseconds after 1970 as the calendar says', () =>
    fc.assert(fc.property(moment, (ms) => {
      expect(millisecondsOf(new Date(ms).toISOString())).toBe(ms);
    }), { seed: 4_010_001, numRuns: 2_000 }));

  it('so much later or earlier is the one the calendar says', () =>
    fc.assert(fc.property(moment, moment, (from, to) => {
      const instant = new Date(from).toISOString();
      expect(instantAfter(instant, to - from)).toBe(new Date(to).toISOString());
    }), { seed: 4_010_002, numRuns: 2_000 }));

  it('goes over leap days and new years', () => {
    expect(instantAfter('2024-02-28T23:59:59.999Z', 1)).toBe('2024-02-29T00:00:00.000Z');
    expect(instantAfter('2100-02-28T23:59:59.999Z', 1)).toBe('2100-03-01T00:00:00.000Z');
    expect(instantAfter('2000-01-01T00:00:00.000Z', -1)).toBe('1999-12-31T23:59:59.999Z');
  });

  it.each(['', '2024-02-28', '2024-02-28T00:00:00Z', '2024-02-28T00:00:00.000+08:00', 'not an instant'])(
    'has one spelling: %j is none', (text) => {
      expect(millisecondsOf(text)).toBeNull();
      expect(instantAfter(text, 1)).toBeNull();
    });
});
