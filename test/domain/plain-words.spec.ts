import { isBlank } from '../../src/domain/plain-words.js';

describe('a text', () => {
  it.each(['', ' ', '\u3000', '\u200b', '\u2060\ufeff ', '\u00ad', '\u3164', '\ufe0f'])(
    'is blank: %j', (text) => expect(isBlank(text)).toBe(true));

  it.each(['a', ' 王 ', '\u200bx', '…'])('is not blank: %j', (text) => expect(isBlank(text)).toBe(false));
});
