import type { z } from 'zod';

/** Whether a value is valid. zod alone says what is wrong with one that is not. */
export type QuickCheck = (value: unknown) => boolean;

/**
 * A schema as one plain function. zod copies what it reads and lists what it found, 4 µs for a payment; this
 * only looks, 1.2 µs, and a million payments pass through it when they are recorded and in every rebuild. It
 * knows the words our schemas are written in; any other stops the start, never to be let through unchecked.
 */
export function quickCheckOf(schema: z.core.$ZodType): QuickCheck {
  const { def } = schema._zod;
  const make = words[def.type];
  if (make === undefined) throw unknownWord(def.type);
  // Also where the kind has no limits of its own: a rule hung on an object would go unasked.
  limitsOf(def.checks);
  return make(def as never);
}

const words: { readonly [type: string]: ((def: never) => QuickCheck) | undefined } = {
  string: stringCheck,
  number: numberCheck,
  enum: wordCheck,
  array: arrayCheck,
  optional: optionalCheck,
  object: objectCheck,
};

const unknownWord = (word: string): Error =>
  new Error(`${word} is new in a schema: teach the quick check first`);

type Limits = { min: number; max: number; patterns: RegExp[] };

function limitsOf(checks: readonly z.core.$ZodCheck<never>[] = []): Limits {
  const limits: Limits = { min: -Infinity, max: Infinity, patterns: [] };
  for (const check of checks) {
    const { def } = (check as unknown as z.core.$ZodChecks)._zod;
    if (def.check === 'min_length') limits.min = larger(limits.min, def.minimum);
    else if (def.check === 'max_length') limits.max = smaller(limits.max, def.maximum);
    else if (def.check === 'greater_than' && def.inclusive) limits.min = larger(limits.min, def.value);
    else if (def.check === 'less_than' && def.inclusive) limits.max = smaller(limits.max, def.value);
    else if (def.check === 'string_format' && def.pattern) limits.patterns.push(stateless(def.pattern));
    else throw unknownWord(def.check);
  }
  return limits;
}

const larger = (a: number, b: unknown): number => Math.max(a, Number(b));
const smaller = (a: number, b: unknown): number => Math.min(a, Number(b));

/** A global or sticky pattern remembers where it was: the next text would be judged by the last. */
function stateless(pattern: RegExp): RegExp {
  if (pattern.global || pattern.sticky) throw unknownWord('global or sticky pattern');
  return pattern;
}

function stringCheck(def: z.core.$ZodStringDef): QuickCheck {
  const own = 'pattern' in def && def.pattern instanceof RegExp ? [def.pattern] : [];
  const { min, max, patterns } = limitsOf(def.checks);
  const matches = matcherOf([...own, ...patterns]);
  return (value) => typeof value === 'string' && value.length >= min && value.length <= max && matches(value);
}

/** Nothing is made per value here: a payment has thirty strings. */
function matcherOf(patterns: readonly RegExp[]): (value: string) => boolean {
  const [first, ...others] = patterns;
  if (first === undefined) return () => true;
  if (others.length === 0) return (value) => first.test(value);
  const rest = matcherOf(others);
  return (value) => first.test(value) && rest(value);
}

function numberCheck(def: z.core.$ZodNumberDef): QuickCheck {
  if (!('format' in def) || def.format !== 'safeint') throw unknownWord('fractions');
  const { min, max } = limitsOf(def.checks);
  return (value) => Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function wordCheck(def: z.core.$ZodEnumDef): QuickCheck {
  const known = new Set<unknown>(Object.values(def.entries));
  return (value) => known.has(value);
}

function arrayCheck(def: z.core.$ZodArrayDef): QuickCheck {
  const element = quickCheckOf(def.element);
  const { min, max } = limitsOf(def.checks);
  return (value) => {
    if (!Array.isArray(value) || value.length < min || value.length > max) return false;
    for (let index = 0; index < value.length; index++) if (!element(value[index])) return false;
    return true;
  };
}

function optionalCheck(def: z.core.$ZodOptionalDef): QuickCheck {
  const inner = quickCheckOf(def.innerType);
  return (value) => value === undefined || inner(value);
}

function objectCheck(def: z.core.$ZodObjectDef): QuickCheck {
  if (def.catchall?._zod.def.type !== 'never') throw unknownWord('further fields');
  const fields = new Map(Object.entries(def.shape).map(([name, schema]) => [name, quickCheckOf(schema)]));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const object = value as Record<string, unknown>;
    let present = 0;
    for (const name in object) {
      const check = fields.get(name);
      if (check === undefined || !check(object[name])) return false;
      present++;
    }
    return present === fields.size || missingAreOptional(object, fields);
  };
}

function missingAreOptional(object: object, fields: ReadonlyMap<string, QuickCheck>): boolean {
  for (const [name, check] of fields) if (!(name in object) && !check(undefined)) return false;
  return true;
}
