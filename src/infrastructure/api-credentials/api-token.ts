import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * `treasury_api_`, 48 bytes (which credential, and 256 random bits), eight digits of checksum. The beginning
 * lets whoever scans sources and logs for secrets know one; the checksum tells a mistyped token from a wrong
 * one without asking the database.
 */
export const apiTokenPrefix = 'treasury_api_';
const shape = /^treasury_api_([A-Za-z0-9_-]{64})([0-9a-f]{8})$/;
const secretBytes = 32;
const idBytes = 16;

export interface ApiToken { readonly credentialId: string; readonly secret: Buffer }

export function newApiToken(credentialId: string): ApiToken & { readonly text: string } {
  const secret = randomBytes(secretBytes);
  const body = Buffer.concat([bytesOf(credentialId), secret]).toString('base64url');
  return { credentialId, secret, text: `${apiTokenPrefix}${body}${checksumOf(body)}` };
}

/** Null for whatever is not spelt as one of ours is. */
export function readApiToken(text: string): ApiToken | null {
  const [, body = '', checksum] = shape.exec(text) ?? [];
  // 64 characters are 48 bytes exactly, so each of them has one spelling only.
  if (checksum === undefined || checksum !== checksumOf(body)) return null;
  const bytes = Buffer.from(body, 'base64url');
  return { credentialId: idOf(bytes.subarray(0, idBytes)), secret: bytes.subarray(idBytes) };
}

const checksumOf = (body: string): string => crc32(body).toString(16).padStart(8, '0');

const bytesOf = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');
const idOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
