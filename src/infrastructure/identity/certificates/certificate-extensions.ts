import type { DerReader, Element } from './der.js';
import { context, inside, notDer, primitiveContext, readSequence, readWhole, tags } from './der.js';
import { booleanOf, namedBitsOf, oidOf, readOid, smallIntegerOf } from './der-values.js';

export const keyUsages = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

export interface Extensions {
  /** Null where the certificate does not say, which is no permission. */
  readonly keyUsage: ReadonlySet<number> | null;
  /** Purposes beyond; null where it does not limit itself to any. */
  readonly purposes: readonly string[] | null;
  readonly authority: { readonly longestPath: number | null } | null;
  readonly policies: readonly string[];
  /** Where its revocation list is published: what tells one part of a list from another. */
  readonly distributionPoints: readonly string[];
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  /** By OID; each the values given for it. */
  readonly directoryAttributes: ReadonlyMap<string, readonly Element[]>;
  /** Critical extensions we do not know: whoever issued it says that it must not be used without them. */
  readonly unknownCritical: readonly string[];
}

const oids = {
  directoryAttributes: '2.5.29.9', subjectKeyId: '2.5.29.14', keyUsage: '2.5.29.15', constraints: '2.5.29.19',
  distributionPoints: '2.5.29.31', policies: '2.5.29.32', authorityKeyId: '2.5.29.35', purposes: '2.5.29.37',
} as const;
/**
 * Alternative names give nobody anything here. The other two demand an explicit policy and forbid "any": we
 * never take a certificate without the one we ask for.
 */
const harmless: readonly string[] = ['2.5.29.17', '2.5.29.18', '2.5.29.36', '2.5.29.54'];
const known: readonly string[] = [...Object.values(oids), ...harmless];

interface Extension { readonly critical: boolean; readonly value: Uint8Array }

export function readExtensions(element: Element | null): Extensions {
  const found = element ? readAll(element) : new Map<string, Extension>();
  const of = <T>(oid: string, read: (outer: DerReader) => T): T | null => {
    const extension = found.get(oid);
    // None of these values is empty, so null says that it cannot be read.
    return extension ? readWhole(extension.value, read) ?? notDer() : null;
  };
  return {
    keyUsage: of(oids.keyUsage, (outer) => namedBitsOf(outer.next(tags.bitString))),
    purposes: of(oids.purposes, (outer) => [...inside(outer.next(tags.sequence)).rest(tags.oid)].map(oidOf)),
    authority: of(oids.constraints, readConstraints)?.authority ?? null,
    policies: of(oids.policies, readPolicies) ?? [],
    distributionPoints: of(oids.distributionPoints, readDistributionPoints) ?? [],
    subjectKeyId: of(oids.subjectKeyId, (outer) => hex(outer.next(tags.octetString))),
    authorityKeyId: of(oids.authorityKeyId, readAuthorityKeyId)?.keyId ?? null,
    directoryAttributes: of(oids.directoryAttributes, readDirectoryAttributes) ?? new Map(),
    unknownCritical: [...found].filter(([oid, { critical }]) => critical && !known.includes(oid))
      .map(([oid]) => oid),
  };
}

/** One of each: a second could say something else to another reader. Also those of revocation lists. */
export function readAll(wrapped: Element): ReadonlyMap<string, Extension> {
  const outer = inside(wrapped);
  const list = outer.next(tags.sequence);
  outer.end();
  const found = new Map<string, Extension>();
  for (const element of inside(list).rest(tags.sequence)) {
    readSequence(element, (members) => {
      const oid = readOid(members);
      const critical = members.optional(tags.boolean);
      if (found.has(oid)) notDer();
      const value = members.next(tags.octetString).content;
      found.set(oid, { critical: critical !== null && booleanOf(critical), value });
    });
  }
  return found;
}

const hex = ({ content }: Element): string => Buffer.from(content).toString('hex');

function readConstraints(outer: DerReader): { readonly authority: Extensions['authority'] } {
  return readSequence(outer.next(tags.sequence), (members) => {
    const isAuthority = members.optional(tags.boolean);
    const longestPath = members.optional(tags.integer);
    if (!isAuthority || !booleanOf(isAuthority)) return { authority: null };
    return { authority: { longestPath: longestPath && smallIntegerOf(longestPath) } };
  });
}

/** Qualifiers are texts for people. */
const readPolicies = (outer: DerReader): readonly string[] =>
  [...inside(outer.next(tags.sequence)).rest(tags.sequence)].map((policy) => readOid(inside(policy)));

function readDistributionPoints(outer: DerReader): readonly string[] {
  return [...inside(outer.next(tags.sequence)).rest(tags.sequence)].flatMap((point) =>
    readSequence(point, (members) => {
      const name = members.optional(context(0));
      members.optional(primitiveContext(1));
      members.optional(context(2));
      return name ? addressesOf(name) : [];
    }));
}

const uriName = primitiveContext(6);

/** Full names that are addresses; a name relative to the issuer's has none. */
export function addressesOf(pointName: Element): readonly string[] {
  const outer = inside(pointName);
  const full = outer.optional(context(0));
  if (!full) return [];
  outer.end();
  const addresses: string[] = [];
  const names = inside(full);
  while (!names.isAtEnd) {
    const name = names.any();
    if (name.tag === uriName) addresses.push(Buffer.from(name.content).toString('latin1'));
  }
  return addresses;
}

/** Issuer and serial number may follow: the key says enough, and the signature says all. */
function readAuthorityKeyId(outer: DerReader): { readonly keyId: string | null } {
  const keyId = inside(outer.next(tags.sequence)).optional(primitiveContext(0));
  return { keyId: keyId && hex(keyId) };
}

function readDirectoryAttributes(outer: DerReader): ReadonlyMap<string, readonly Element[]> {
  const found = new Map<string, readonly Element[]>();
  for (const attribute of inside(outer.next(tags.sequence)).rest(tags.sequence)) {
    readSequence(attribute, (pair) => {
      const oid = readOid(pair);
      if (found.has(oid)) notDer();
      const values = inside(pair.next(tags.set));
      const elements: Element[] = [];
      while (!values.isAtEnd) elements.push(values.any());
      found.set(oid, elements);
    });
  }
  return found;
}
