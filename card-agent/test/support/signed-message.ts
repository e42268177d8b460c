import { elementsOf } from '../../src/certificates/der.js';

/** The parts of a signed message, one by one. */
export function opened(message: Uint8Array) {
  const inside = (bytes: Uint8Array) => elementsOf(bytes);
  const [info] = inside(message);
  const [, wrapped] = inside(info?.content ?? Buffer.alloc(0));
  const [signedData] = inside(wrapped?.content ?? Buffer.alloc(0));
  const [, , content, certificates, signers] = inside(signedData?.content ?? Buffer.alloc(0));
  const [, explicit] = inside(content?.content ?? Buffer.alloc(0));
  const [octets] = inside(explicit?.content ?? Buffer.alloc(0));
  const [signer] = inside(signers?.content ?? Buffer.alloc(0));
  const [, , , attributes, , signature] = inside(signer?.content ?? Buffer.alloc(0));
  const signed = Buffer.from(attributes?.whole ?? Buffer.alloc(0));
  // Signed as SET OF, sent as [0].
  signed[0] = 0x31;
  return {
    content: Buffer.from(octets?.content ?? []), certificate: Buffer.from(certificates?.content ?? []),
    signed, signature: Buffer.from(signature?.content ?? []),
  };
}
