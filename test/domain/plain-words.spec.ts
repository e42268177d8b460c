import { isBlank, isPlain } from '../../src/domain/plain-words.js';

describe('plain words', () => {
  it.each(['', '王小明', 'José Müller', '𠮷野家', 'ক্‍ষ', 'אבג', '👩‍🌾'])('are %j', (text) =>
    expect(isPlain(text)).toBe(true));

  it.each([
    ['a control character', 'a\u0000b'], ['half a character', '\ud842'],
    ['an override of their direction', 'a\u202eb'], ['the first of the embeddings', '\u202a'],
    ['an isolate', '\u2066a'], ['the end of an isolate', '\u2069'],
  ])('do not hold %s', (_, text) => expect(isPlain(text)).toBe(false));
});

describe('a text', () => {
  it.each(['', ' ', '\u3000', '\u200b', '\u2060\ufeff ', '\u00ad', '\u3164', '\ufe0f'])(
    'is blank: %j', (text) => expect(isBlank(text)).toBe(true));

  it.each(['a', ' 王 ', '\u200bx', '…'])('is not blank: %j', (text) => expect(isBlank(text)).toBe(false));
});
