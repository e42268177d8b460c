import type { Personal } from '../../domain/decider.js';
import type { PersonalKeys, PlainField } from '../../application/personal-keys.js';
import type { FactSchema, PersonalField } from './schema/fact-schema.js';

interface FactPlace { readonly stream: string; readonly eventId: string }
type Data = Readonly<Record<string, unknown>>;
interface Found { readonly field: PersonalField; readonly plain: string }

/** The fact's data with every personal field sealed under its subject's keys, one per purpose. */
export async function sealedData(
  keys: PersonalKeys, schema: FactSchema, data: unknown, place: FactPlace,
): Promise<unknown> {
  const subject = schema.subject === null ? undefined : (data as Data)[schema.subject];
  if (typeof subject !== 'string') throw new Error(`${schema.type} does not say whose data it carries`);
  const found = schema.personal.flatMap((field) => plainOf(schema, data, field));
  let sealed = data;
  for (const [purpose, fields] of byPurpose(found)) {
    const plain = fields.map((each): PlainField => (
      { plain: each.plain, at: { ...place, field: each.field.name } }));
    const tokens = await keys.seal({ subject, purpose }, plain);
    for (const [index, { field }] of fields.entries()) {
      sealed = withValue(sealed, field.path, { sealed: tokens[index] });
    }
  }
  return sealed;
}

/** Only plain text comes in: ciphertext of another fact opens in that fact alone. */
function plainOf(schema: FactSchema, data: unknown, field: PersonalField): Found[] {
  const value = valueAt(data, field.path) as Personal | undefined;
  if (value === undefined) return [];
  if (!('plain' in value) || typeof value.plain !== 'string') {
    throw new Error(`${schema.type}: ${field.name} must come as plain text to be sealed`);
  }
  return [{ field, plain: value.plain }];
}

function byPurpose(found: readonly Found[]): Map<string, Found[]> {
  const groups = new Map<string, Found[]>();
  for (const each of found) groups.set(each.field.purpose, [...(groups.get(each.field.purpose) ?? []), each]);
  return groups;
}

const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (inner as Data | undefined)?.[name], data);

/** A copy; the rule book's own fact is left as it was. */
function withValue(data: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  const copy = data as Data;
  return { ...copy, [name]: rest.length === 0 ? value : withValue(copy[name], rest, value) };
}
