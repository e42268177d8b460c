import { hash, sign } from 'node:crypto';
import type { Block, SignatureDigest, SigningKey } from './asn1.js';
import {
  block, der, digestAlgorithm, integer, number, octets, oid, sequence, set, signatureAlgorithm, tagged,
} from './asn1.js';

export interface Signatory {
  /** What says whose signature it is, besides the certificate itself: the issuer's name encoded, and hex. */
  readonly named: { readonly issuer: Uint8Array; readonly serialNumber: string };
  readonly certificate: Uint8Array;
  readonly key: SigningKey;
}

export interface MessageToSign {
  readonly content: Uint8Array;
  readonly signers: readonly Signatory[];
  /** Without attributes the content itself is signed. */
  readonly hasAttributes?: boolean;
  /** Sent without its content. */
  readonly isDetached?: boolean;
  /** The signers' own, unless said otherwise. */
  readonly certificates?: readonly Uint8Array[];
  /** Behind the certificates, and behind a signature: what we have no use for. */
  readonly more?: { readonly lists?: Block; readonly unsigned?: Block };
  readonly digest?: SignatureDigest;
}

const ids = {
  signedData: '1.2.840.113549.1.7.2', data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3', messageDigest: '1.2.840.113549.1.9.4',
};

/** CMS SignedData as a signing card's software makes it. */
export function signMessage(asked: MessageToSign): Uint8Array {
  const { content, signers, isDetached = false, more = {}, digest = 'sha256' } = asked;
  const certificates = asked.certificates ?? signers.map(({ certificate }) => certificate);
  const signedData = sequence(
    number(1), set(digestAlgorithm(digest)),
    sequence(oid(ids.data), ...(isDetached ? [] : [tagged(0, octets(content))])),
    ...(certificates.length === 0 ? [] : [tagged(0, ...certificates.map(block))]),
    ...(more.lists ? [tagged(1, more.lists)] : []),
    set(...signers.map((signer) => signerInfo(signer, asked))),
  );
  return der(sequence(oid(ids.signedData), tagged(0, signedData)));
}

function signerInfo({ named, key }: Signatory, asked: MessageToSign): Block {
  const { content, hasAttributes = true, more = {}, digest = 'sha256' } = asked;
  const attributes = hasAttributes ? signedAttributes(content, digest) : null;
  // Signed as SET OF, sent as [0].
  const signature = sign(digest, attributes ? der(set(...attributes)) : content, key.privateKey);
  return sequence(
    number(1), sequence(block(named.issuer), integer(named.serialNumber)), digestAlgorithm(digest),
    ...(attributes ? [tagged(0, ...attributes)] : []), signatureAlgorithm(key, digest), octets(signature),
    ...(more.unsigned ? [tagged(1, more.unsigned)] : []),
  );
}

const signedAttributes = (content: Uint8Array, digest: SignatureDigest): readonly Block[] => [
  sequence(oid(ids.contentType), set(oid(ids.data))),
  sequence(oid(ids.messageDigest), set(octets(hash(digest, content, 'buffer')))),
];
