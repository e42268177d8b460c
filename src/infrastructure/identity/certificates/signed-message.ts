import type { Digest, SignatureAlgorithm } from './algorithms.js';
import { digestBytes, digestOf, signerAlgorithmOf } from './algorithms.js';
import type { DerReader, Element } from './der.js';
import { context, firstSequence, inside, notDer, readSequence, readWhole, tags } from './der.js';
import { integerOf, oidOf, readOid, smallIntegerOf } from './der-values.js';

const signedDataType = '1.2.840.113549.1.7.2';
const dataType = '1.2.840.113549.1.7.1';
const contentTypeAttribute = '1.2.840.113549.1.9.3';
const digestAttribute = '1.2.840.113549.1.9.4';

/** A signature, a nonce and a chain of certificates are 8 KB; more is nothing we asked for. */
export const maxMessageBytes = 16_384;
/** The signer's and the authorities above it. */
const maxCertificates = 5;

export const messageProblems = [
  'message/too-large', 'message/malformed', 'message/trailing-bytes', 'message/not-signed-data',
  'message/not-one-signer', 'message/unexpected-part', 'message/algorithm-not-allowed',
] as const;
export type MessageProblem = (typeof messageProblems)[number];

/** How the one signer is told from other certificates in the message. */
export interface SignerId { readonly issuer: Uint8Array; readonly serialNumber: string }

export interface SignedMessage {
  /** Null where only the signature was sent: what was signed is then what we expect. */
  readonly content: Uint8Array | null;
  readonly certificates: readonly Uint8Array[];
  readonly signer: SignerId;
  readonly algorithm: SignatureAlgorithm;
  readonly digest: Digest;
  /** As they must be hashed; null where the content itself is signed. */
  readonly attributes: { readonly signed: Uint8Array; readonly contentDigest: Uint8Array } | null;
  readonly signature: Uint8Array;
}

interface Signer extends Omit<SignedMessage, 'content' | 'certificates'> {
  readonly hasUnsignedAttributes: boolean;
}
type Algorithms = Pick<Signer, 'algorithm' | 'digest'>;

/** CMS SignedData (RFC 5652) with exactly one signer, to the byte: no part is skipped. */
export function readSignedMessage(bytes: Uint8Array): SignedMessage | MessageProblem {
  if (bytes.length > maxMessageBytes) return 'message/too-large';
  const first = firstSequence(bytes);
  if (first === null) return 'message/malformed';
  if (first.encoded.length < bytes.length) return 'message/trailing-bytes';
  return readWhole(bytes, readContentInfo) ?? 'message/malformed';
}

function readContentInfo(outer: DerReader): SignedMessage | MessageProblem {
  const info = inside(outer.next(tags.sequence));
  if (readOid(info) !== signedDataType) return 'message/not-signed-data';
  const wrapped = inside(info.next(context(0)));
  info.end();
  const signedData = wrapped.next(tags.sequence);
  wrapped.end();
  return readSignedData(inside(signedData));
}

function readSignedData(members: DerReader): SignedMessage | MessageProblem {
  const version = smallIntegerOf(members.next(tags.integer));
  const digestAlgorithms = [...inside(members.next(tags.set)).rest(tags.sequence)];
  const content = readSequence(members.next(tags.sequence), readContent);
  const enclosed = members.optional(context(0));
  const hasRevocationLists = members.optional(context(1)) !== null;
  const signers = [...inside(members.next(tags.set)).rest(tags.sequence)];
  members.end();
  const [signerInfo, ...others] = signers;
  if (!signerInfo || others.length > 0) return 'message/not-one-signer';
  if (content === 'other' || hasRevocationLists || version !== 1) return 'message/unexpected-part';
  const certificates = (enclosed ? [...inside(enclosed).rest(tags.sequence)] : []).map((one) => one.encoded);
  if (certificates.length > maxCertificates) return 'message/unexpected-part';
  const signer = readSequence(signerInfo, readSigner);
  if (signer === null) return 'message/algorithm-not-allowed';
  const [digestAlgorithm, ...more] = digestAlgorithms;
  if (!digestAlgorithm || more.length > 0 || digestOf(digestAlgorithm) !== signer.digest) {
    return 'message/unexpected-part';
  }
  if (signer.hasUnsignedAttributes) return 'message/unexpected-part';
  return { ...signer, content: content?.content ?? null, certificates };
}

function readContent(members: DerReader): Element | null | 'other' {
  const isData = readOid(members) === dataType;
  const wrapped = members.optional(context(0));
  if (!isData) return 'other';
  if (!wrapped) return null;
  const inner = inside(wrapped);
  const content = inner.next(tags.octetString);
  inner.end();
  return content;
}

/** Null where an algorithm is not one that is believed. */
function readSigner(members: DerReader): Signer | null {
  // Version 3 would name the signer by a key identifier, which nothing signed binds to the certificate.
  if (smallIntegerOf(members.next(tags.integer)) !== 1) return notDer();
  const signer = readSequence(members.next(tags.sequence), (id) => ({
    issuer: id.next(tags.sequence).encoded, serialNumber: integerOf(id.next(tags.integer)),
  }));
  const digestAlgorithm = members.next(tags.sequence);
  const signedAttributes = members.optional(context(0));
  const attributes = signedAttributes && readAttributes(signedAttributes);
  const algorithms = algorithmsOf(digestAlgorithm, members.next(tags.sequence));
  const signature = members.next(tags.octetString).content;
  const hasUnsignedAttributes = members.optional(context(1)) !== null;
  return algorithms && { ...algorithms, signer, attributes, signature, hasUnsignedAttributes };
}

function algorithmsOf(digestAlgorithm: Element, signatureAlgorithm: Element): Algorithms | null {
  const digest = digestOf(digestAlgorithm);
  const algorithm = digest && signerAlgorithmOf(signatureAlgorithm, digest);
  return digest && algorithm ? { digest, algorithm } : null;
}

/** Each attribute once, and both that must be there. Others (a time, say) are signed, and tell us nothing. */
function readAttributes(attributes: Element): SignedMessage['attributes'] {
  const found = new Map<string, Element>();
  for (const attribute of inside(attributes).rest(tags.sequence)) {
    const [type, values] = readSequence(attribute, (pair) => [readOid(pair), pair.next(tags.set)] as const);
    if (found.has(type)) notDer();
    found.set(type, values);
  }
  const contentType = onlyValue(found.get(contentTypeAttribute));
  if (contentType.tag !== tags.oid || oidOf(contentType) !== dataType) notDer();
  const contentDigest = onlyValue(found.get(digestAttribute));
  if (contentDigest.tag !== tags.octetString) notDer();
  // Sent as [0], signed as SET OF (RFC 5652 §5.4).
  const signed = Uint8Array.from(attributes.encoded);
  signed[0] = tags.set;
  return { signed, contentDigest: contentDigest.content };
}

function onlyValue(values: Element | undefined): Element {
  if (!values) return notDer();
  const members = inside(values);
  const value = members.any();
  members.end();
  return value;
}

/** What the signature covers; null where the attributes speak of another content. */
export function signedBytesOf(message: SignedMessage, content: Uint8Array): Uint8Array | null {
  if (!message.attributes) return content;
  const { signed, contentDigest } = message.attributes;
  return digestBytes(message.digest, content).equals(contentDigest) ? signed : null;
}
