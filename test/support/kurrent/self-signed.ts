import { createSign, generateKeyPairSync } from 'node:crypto';

/**
 * A certificate for localhost that nobody has to keep: made anew for every run, in the few pieces of DER it
 * needs.
 */
export function selfSignedCertificate(): { key: string; certificate: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(objectId('550403'), tagged(0x0c, Buffer.from('in-process server')))));
  const yearFromNow = new Date(Date.now() + 365 * 86_400_000);
  const localhost = tagged(0x82, Buffer.from('localhost'));
  const extensions = tagged(0xa3, sequence(
    extension('551d11', sequence(localhost)),
    extension('551d13', sequence(tagged(0x01, Buffer.from([0xff])))),
  ));
  const body = sequence(
    tagged(0xa0, integer(2)), integer(1), sequence(ecdsaWithSha256), name,
    sequence(generalizedTime(new Date(Date.now() - 86_400_000)), generalizedTime(yearFromNow)), name,
    publicKey.export({ type: 'spki', format: 'der' }), extensions,
  );
  const signature = createSign('sha256').update(body).sign(privateKey);
  const signatureBits = tagged(0x03, Buffer.concat([Buffer.from([0]), signature]));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key, certificate: pem(sequence(body, sequence(ecdsaWithSha256), signatureBits)) };
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  const size = length < 0x80 ? [length] : long;
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, Buffer.concat(parts));
const set = (...parts: readonly Buffer[]): Buffer => tagged(0x31, Buffer.concat(parts));
const integer = (value: number): Buffer => tagged(0x02, Buffer.from([value]));
const objectId = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'));
const extension = (id: string, value: Buffer): Buffer => sequence(objectId(id), tagged(0x04, value));
const ecdsaWithSha256 = objectId('2a8648ce3d040302');
const generalizedTime = (at: Date): Buffer =>
  tagged(0x18, Buffer.from(`${at.toISOString().replace(/[-:T]|\.\d+/g, '')}`));

const pem = (der: Buffer): string =>
  ['-----BEGIN CERTIFICATE-----', ...der.toString('base64').match(/.{1,64}/g) ?? [], '-----END CERTIFICATE-----', '']
    .join('\n');
