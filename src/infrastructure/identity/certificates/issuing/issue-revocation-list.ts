import type { Block, ExtensionToIssue, SignatureDigest } from './asn1.js';
import {
  extensionList, integer, name, number, primitive, sequence, signatureAlgorithm, signedBy, tagged, time,
} from './asn1.js';
import type { Issuer } from './issue-certificate.js';
import { pointName } from './issue-certificate.js';

export interface RevocationListToIssue {
  readonly issuer: Issuer;
  readonly thisUpdate: number;
  readonly nextUpdate: number | null;
  /** Serial numbers, in hex. */
  readonly revoked: readonly string[];
  readonly extensions?: readonly ExtensionToIssue[];
  readonly entryExtensions?: readonly ExtensionToIssue[];
  readonly digest?: SignatureDigest;
}

const version2 = 1;

export function issueRevocationList(asked: RevocationListToIssue): Uint8Array {
  const { issuer, thisUpdate, nextUpdate, revoked, extensions = [], digest = 'sha256' } = asked;
  const body = sequence(
    number(version2), signatureAlgorithm(issuer.key, digest), name(issuer.name),
    ...[thisUpdate, nextUpdate].filter((at) => at !== null).map(time),
    ...(revoked.length === 0 ? [] : [sequence(...revoked.map((serial) => entry(serial, asked)))]),
    ...(extensions.length === 0 ? [] : [tagged(0, extensionList(extensions))]),
  );
  return signedBy(body, issuer.key, digest);
}

const entry = (serialNumber: string, { thisUpdate, entryExtensions = [] }: RevocationListToIssue): Block =>
  sequence(integer(serialNumber), time(thisUpdate),
    ...(entryExtensions.length === 0 ? [] : [extensionList(entryExtensions)]));

/** By their tags: only users' 1, only authorities' 2, some reasons 3, other issuers' 4, attributes' 5. */
export const issuingPoint = (
  addresses: readonly string[], flags: readonly (1 | 2 | 3 | 4 | 5)[] = [],
): ExtensionToIssue => ({
  id: '2.5.29.28', critical: true,
  value: sequence(...(addresses.length === 0 ? [] : [pointName(addresses)]),
    ...flags.map((flag) => primitive(flag, Uint8Array.of(0xff)))),
});
