import { createHash, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { AgentKey } from '../../application/identity/verified-card.js';
import { strictBase64Url } from './strict-base64.js';

/** As an agent sends it; members a JWK may have besides are not looked at. */
export interface AgentJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
}

const coordinateBytes = 32;
const isCoordinate = (text: string): boolean => strictBase64Url(text)?.length === coordinateBytes;

/** Null for anything but a point of P-256: OpenSSL checks that it lies on the curve. */
export function publicKeyOf({ kty, crv, x, y }: AgentJwk): KeyObject | null {
  if (kty !== 'EC' || crv !== 'P-256' || !isCoordinate(x) || !isCoordinate(y)) return null;
  try {
    return createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' });
  } catch {
    return null;
  }
}

/** RFC 7638: the required members, in alphabetical order, without spaces. */
export const thumbprintOf = ({ crv, kty, x, y }: AgentJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');

export const agentKeyOf = (jwk: AgentJwk): AgentKey => ({ keyId: thumbprintOf(jwk), x: jwk.x, y: jwk.y });
