import { isPrintable } from '../../src/domain/printable-text.js';

describe('printable text', () => {
  it.each([
    '', '文具用品', 'A b-1', '𠮷野家', '~', '\u00a0', '\ue000', 'José Müller', 'ক্‍ষ', 'אבג', '👩‍🌾',
    '\u2029', '\u202f', '\u2065', '\u206a',
  ])('is %j', (text) => expect(isPrintable(text)).toBe(true));

  it.each([
    ['NUL', 'a\0'], ['a tab', '\t'], ['a line break', 'a\nb'], ['DEL', '\u007f'], ['a C1 control', '\u009f'],
    ['the first half of a character', '\ud842'], ['its first half before another', '\ud842a'],
    ['its second half', '\udfb7'], ['both in the wrong order', '\udfb7\ud842'],
    ['an override of its direction', 'a\u202eb'], ['the first of the embeddings', '\u202a'],
    ['an isolate', '\u2066a'], ['the end of an isolate', '\u2069'],
  ])('does not hold %s', (_, text) => expect(isPrintable(text)).toBe(false));
});
