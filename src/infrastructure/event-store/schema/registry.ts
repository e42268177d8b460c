import type { z } from 'zod';
import type { FactType } from '../../../domain/facts.js';
import { accountSchemas } from './account.schema.js';
import { apiCredentialSchemas } from './api-credential.schema.js';
import { applicantSchemas } from './applicant.schema.js';
import { bankCodeSchemas } from './bank-code.schema.js';
import { certificateSignInSchemas } from './certificate-sign-in.schema.js';
import { delegationSchemas } from './delegation.schema.js';
import type { FactSchema, StoredVersion } from './fact-schema.js';
import { registrationSchemas, signInSchemas } from './identity.schema.js';
import { paymentBatchSchemas } from './payment-batch.schema.js';
import { paymentSchemas } from './payment.schema.js';
import { staffListSchemas } from './staff-list.schema.js';
import type { EventPlace } from './unreadable-fact.js';
import { UnreadableFact, UnstorableFact } from './unreadable-fact.js';

/** Every fact ever stored, under its stored name. A fact without a schema does not compile. */
export const factSchemas: { readonly [T in FactType]: FactSchema<T> } = {
  ...accountSchemas,
  ...applicantSchemas,
  ...bankCodeSchemas,
  ...paymentBatchSchemas,
  ...paymentSchemas,
  ...registrationSchemas,
  ...signInSchemas,
  ...certificateSignInSchemas,
  ...staffListSchemas,
  ...delegationSchemas,
  ...apiCredentialSchemas,
};

const byName: ReadonlyMap<string, FactSchema> = new Map(Object.entries(factSchemas));

export function schemaOf(type: string): FactSchema {
  const schema = byName.get(type);
  if (schema === undefined) throw new UnstorableFact(type, ['unknown-name']);
  return schema;
}

/**
 * The other names: what a reader of these types may pass over. A name that this code does not know is not
 * among them, for nobody can tell yet whom its facts concern.
 */
export const namesBeside = (types: readonly FactType[]): string[] =>
  [...byName.keys()].filter((name) => !(types as readonly string[]).includes(name));

/** Versions count from 1; the newest is the one that is written. */
export const currentVersion = (schema: FactSchema): number => schema.versions.length;

/** The data as JSON text. Throws `UnstorableFact`. */
export function toStored({ type, current }: FactSchema, data: unknown): string {
  if (current.isValid(data)) return JSON.stringify(data);
  const result = current.schema.safeParse(data);
  if (!result.success) throw new UnstorableFact(type, failuresOf(result.error));
  return JSON.stringify(result.data);
}

/** What was stored, whenever that was, as the fact is today. Throws `UnreadableFact`. */
export function fromStored(place: EventPlace, payload: string): unknown {
  const schema = byName.get(place.type);
  if (schema === undefined) throw new UnreadableFact(place, 'unknown-name');
  const stored = schema.versions[place.version - 1];
  if (stored === undefined) throw new UnreadableFact(place, 'unknown-version');
  const data = checked(stored, parsed(payload, place), place);
  return place.version === currentVersion(schema) ? data : upcast(schema, data, place);
}

/** Checked again after every step: an upcaster must not bring in what no schema ever allowed. */
function upcast(schema: FactSchema, old: unknown, place: EventPlace): unknown {
  let data = old;
  for (let version = place.version; version < currentVersion(schema); version++) {
    const step = schema.upcasts[version - 1] as (data: unknown) => unknown;
    data = checked(schema.versions[version] as StoredVersion, step(data), place);
  }
  return data;
}

function parsed(payload: string, place: EventPlace): unknown {
  try {
    return JSON.parse(payload);
  } catch {
    throw new UnreadableFact(place, 'not-json');
  }
}

function checked({ schema, isValid }: StoredVersion, data: unknown, place: EventPlace): unknown {
  if (isValid(data)) return data;
  const result = schema.safeParse(data);
  if (!result.success) throw new UnreadableFact(place, 'schema-failed', failuresOf(result.error));
  return result.data;
}

/** zod's own messages may quote what they found; paths and codes cannot. */
export const failuresOf = ({ issues }: z.ZodError): string[] =>
  issues.map(({ path, code }) => `${path.join('.') || '(whole)'}: ${code}`);
