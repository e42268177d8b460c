import { isSignedWith, isStrongKey } from './algorithms.js';
import { keyUsages } from './certificate-extensions.js';
import type { Certificate } from './certificate.js';
import { isInForce, isSame } from './certificate.js';

/** Authorities between a card and its root. GPKI has one. */
const longestPath = 3;

/** From the card's certificate up to the root, both included. */
export type Chain = readonly [Certificate, ...Certificate[]];

/** A root's own signature proves nothing: it is believed because it is pinned. */
export const isAuthority = ({ authority, keyUsage, publicKey, unknownCritical }: Certificate): boolean =>
  authority !== null && (keyUsage === null || keyUsage.has(keyUsages.keyCertSign)) && isStrongKey(publicKey)
  && unknownCritical.length === 0;

export const isRoot = ({ issuer, subject }: Certificate): boolean => isSame(issuer, subject);

/** Who is believed: roots, and authorities below them. A certificate that is brought along makes no chain. */
export class Authorities {
  private readonly roots: readonly Certificate[];
  private readonly intermediates: readonly Certificate[];

  constructor(pinned: readonly Certificate[]) {
    this.roots = pinned.filter(isRoot);
    this.intermediates = pinned.filter((certificate) => !isRoot(certificate));
  }

  has(encoded: Uint8Array): boolean {
    return [...this.roots, ...this.intermediates].some((pinned) => isSame(pinned.encoded, encoded));
  }

  /** One whose authorities are all in force goes before one where some are not: keys are rolled over. */
  chainOf(certificate: Certificate, now: number): Chain | null {
    let first: Chain | null = null;
    for (const chain of this.chains([certificate])) {
      if (chain.slice(1).every((authority) => isInForce(authority, now))) return chain;
      first ??= chain;
    }
    return first;
  }

  private *chains(below: Chain): Generator<Chain> {
    const certificate = below[below.length - 1] as Certificate;
    const between = below.length - 1;
    for (const root of this.roots) if (issued(root, certificate, between)) yield [...below, root];
    if (between >= longestPath) return;
    for (const authority of this.intermediates) {
      if (!below.includes(authority) && issued(authority, certificate, between)) {
        yield* this.chains([...below, authority]);
      }
    }
  }
}

/** `between` is how many authorities stand below the issuer. */
function issued(issuer: Certificate, certificate: Certificate, between: number): boolean {
  const longest = issuer.authority?.longestPath ?? null;
  return isSame(issuer.subject, certificate.issuer) && isAuthority(issuer)
    && (longest === null || between <= longest)
    && (certificate.authorityKeyId === null || issuer.subjectKeyId === null
      || certificate.authorityKeyId === issuer.subjectKeyId)
    && certificate.algorithm !== null
    && isSignedWith(issuer.publicKey, {
      algorithm: certificate.algorithm, data: certificate.signed, signature: certificate.signature,
    });
}
