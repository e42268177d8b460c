import fc from 'fast-check';
import { z } from 'zod';
import { quickCheckOf } from '../../../../src/infrastructure/event-store/schema/quick-check.js';
import { factSchemas } from '../../../../src/infrastructure/event-store/schema/registry.js';
import { goldenFiles } from '../../../golden-events/golden-files.js';

const versions = Object.values(factSchemas).flatMap(({ type, versions: all }) =>
  all.map(({ schema, isValid }, index) => ({ type, version: index + 1, schema, isValid })));
const golden = goldenFiles();

/** Values near the limits of what a fact may hold, and well beyond. */
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    '', ' ', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(200), 'x'.repeat(201), 'x'.repeat(500),
    'x'.repeat(501), 'a\u0000b', 'a\nb', '\ud800', '\u{2070e}',
    '2023-02-29', '2024-02-29', '2024-13-01', '2024-1-1', '0000-01-01', '2023-02-30T00:00:00.000Z',
    '2023-05-10T03:04:05.678Z', '2023-05-10T03:04:05Z', '2023-05-10T24:00:00.000Z',
    '0040037', '004003', '00400370', '1', '123456789012345', 'AB12345678', 'ab12345678', '\u0661'.repeat(7),
    0, -0, -1, 1, 999, 1000, 1.5, NaN, Infinity, 2 ** 53 - 1, 2 ** 53, null, undefined, true,
    [], {}, [[]], [undefined], { sealed: 'x' }, { plain: 'x' }, '其他', '已匯款', '退匯',
  ),
  fc.anything(),
);

/** The payload with one value, at any depth, replaced, removed or added. */
const mutated = (payload: unknown) => fc.record({
  place: fc.nat(), odd: oddValue, how: fc.constantFrom('replace', 'remove', 'add'), name: fc.string(),
}).map(({ place, odd, how, name }) => {
  const copy = JSON.parse(JSON.stringify(payload)) as object;
  const places = placesOf(copy);
  const [inside, key] = places[place % places.length] as [Record<string, unknown>, string];
  if (how === 'replace') inside[key] = odd;
  else if (how === 'remove') delete inside[key];
  else inside[name] = odd;
  return copy;
});

const placesOf = (value: object): [Record<string, unknown>, string][] => Object.entries(value).flatMap(
  ([key, inner]) => [
    [value as Record<string, unknown>, key] as [Record<string, unknown>, string],
    ...(typeof inner === 'object' && inner !== null ? placesOf(inner as object) : []),
  ]);

describe('the quick check of a schema', () => {
  it.each(versions)('says of any $type v$version what zod says', ({ type, version, schema, isValid }) => {
    const payloads = golden.filter((file) => file.type === type && file.version === version)
      .map(({ event }) => event.payload);
    expect(payloads.every(isValid)).toBe(true);
    const value = fc.oneof(fc.anything(), ...payloads.map((payload) => mutated(payload)));
    const agrees = fc.property(value, (data) => isValid(data) === schema.safeParse(data).success);
    fc.assert(agrees, { numRuns: 500, seed: 1 });
  });

  it('knows the words of our schemas alone: a new one stops the start', () => {
    const unknown = [
      z.object({}), z.looseObject({}), z.strictObject({}).refine(() => false), z.string().trim(), z.number(),
      z.string().regex(/a/g), z.int().multipleOf(5), z.int().gt(1), z.date(), z.union([z.string(), z.int()]),
      z.array(z.boolean()), z.string().nullable(), z.string().refine(() => false), z.string().default('x'),
    ];
    for (const schema of unknown) expect(() => quickCheckOf(schema)).toThrow('teach the quick check');
  });

  it('keeps the stricter of two limits', () => {
    const check = quickCheckOf(z.string().min(3).min(2).max(5).max(6));
    expect(['ab', 'abc', 'abcde', 'abcdef'].map(check)).toEqual([false, true, true, false]);
  });
});
