import { domainRefusals } from '../../src/domain/refusals.js';

describe('a refusal', () => {
  it('has a code of its own: what is refused, a slash, and why', () => {
    expect(new Set(domainRefusals).size).toBe(domainRefusals.length);
    expect(domainRefusals.filter((code) => !/^[a-z]+(-[a-z]+)*\/[a-z]+(-[a-z]+)*$/.test(code))).toEqual([]);
  });
});
