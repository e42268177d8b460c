import type { z } from 'zod';
import type { Personal } from '../../../domain/decider.js';
import type { FactOf, FactType } from '../../../domain/facts.js';
import type { QuickCheck } from './quick-check.js';
import { quickCheckOf } from './quick-check.js';

/** What a person's data was given for; one key each, so that no purpose opens another's data. */
export type Purpose = 'identity' | 'contact' | 'account' | 'review';

type DataOf<T extends FactType> = FactOf<T>['data'];

/** A fact's data as it lies in the log: of a personal field only the sealed form. */
export type StoredForm<T> =
  T extends { readonly plain: string } ? never
    : T extends readonly (infer Item)[] ? StoredForm<Item>[]
      : T extends object ? { -readonly [K in keyof T]: StoredForm<T[K]> }
        : T;

/** `contact.phone`: where personal fields stand in a fact's data. */
type PersonalPath<T, Before extends string = ''> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends Personal ? `${Before}${K}`
    : NonNullable<T[K]> extends readonly unknown[] ? never
      : NonNullable<T[K]> extends object ? PersonalPath<NonNullable<T[K]>, `${Before}${K}.`>
        : never;
}[keyof T & string];

/**
 * Identical types, optional properties included: being assignable both ways would let those slip. Where they
 * differ a property is demanded that no definition has, so that the compiler names what is wrong.
 */
type Same<Stored, Fact> =
  (<T>() => T extends Stored ? 1 : 2) extends (<T>() => T extends Fact ? 1 : 2) ? unknown : {
    readonly 'the newest schema differs from the fact as the domain knows it': never;
  };

type Schema = z.ZodType;
type Versions = readonly [Schema, ...Schema[]];
type Newest<V extends Versions> = V extends readonly [...unknown[], infer Last extends Schema] ? Last : never;

type Upcasts<V extends readonly Schema[]> =
  V extends readonly [infer From extends Schema, infer To extends Schema, ...infer Later extends Schema[]]
    ? readonly [(data: z.output<From>) => z.output<To>, ...Upcasts<readonly [To, ...Later]>]
    : readonly [];

/** In and out: a schema that changed what it reads would store something else than the domain said. */
type NewestIsTheFact<T extends FactType, V extends Versions> =
  Same<z.output<Newest<V>>, StoredForm<DataOf<T>>> & Same<z.input<Newest<V>>, StoredForm<DataOf<T>>>;

type HasUpcasts<V extends Versions> = V['length'] extends 1 ? unknown : { readonly upcasts: Upcasts<V> };

type HasSubject<T extends FactType> = [PersonalPath<DataOf<T>>] extends [never] ? unknown : {
  /** The field that says whose data it is. */
  readonly subject: keyof DataOf<T> & string;
  readonly personal: Readonly<Record<PersonalPath<DataOf<T>>, Purpose>>;
};

/** Schemas from version 1 on, none ever left out, and one pure step from each to the next. */
type Definition<T extends FactType, V extends Versions> =
  { readonly versions: V } & NewestIsTheFact<T, V> & HasUpcasts<V> & HasSubject<T>;

export interface PersonalField {
  /** As authenticated with the ciphertext: it may never be renamed without a new version. */
  readonly name: string;
  readonly path: readonly string[];
  readonly purpose: Purpose;
}

export interface StoredVersion {
  readonly schema: Schema;
  readonly isValid: QuickCheck;
}

/** Everything that is known about how one fact is stored. */
export interface FactSchema<T extends FactType = FactType> {
  readonly type: T;
  /** Version n is element n - 1. */
  readonly versions: readonly StoredVersion[];
  readonly current: StoredVersion;
  readonly upcasts: readonly ((data: never) => unknown)[];
  readonly subject: string | null;
  readonly personal: readonly PersonalField[];
}

interface Optional {
  readonly upcasts?: FactSchema['upcasts'];
  readonly subject?: string | null;
  readonly personal?: Readonly<Record<string, Purpose>>;
}

export function factSchema<T extends FactType, const V extends Versions>(
  type: T, definition: Definition<T, V>,
): FactSchema<T> {
  const { upcasts = [], subject = null, personal = {} } = definition as Optional;
  const versions = definition.versions.map((schema) => ({ schema, isValid: quickCheckOf(schema) }));
  return {
    type,
    versions,
    current: versions[versions.length - 1] as StoredVersion,
    upcasts,
    subject,
    personal: Object.entries(personal).map(([name, purpose]) => ({ name, path: name.split('.'), purpose })),
  };
}
