import type { KeyObject } from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { encode } from 'iconv-lite';

/** A 健保卡 as its bytes are laid out; the people are made up. */
export interface TestCard {
  readonly cardNumber: string;
  readonly name: string;
  readonly idNumber: string;
  readonly birth: string;
  readonly sex: string;
  readonly issued: string;
}
export const ming: TestCard = {
  cardNumber: '000000000001', name: '陳小明', idNumber: 'A123456789', birth: '0790101', sex: 'M',
  issued: '1080531',
};
export const mei: TestCard = {
  cardNumber: '000000000002', name: '林測試', idNumber: 'A223456781', birth: '1010229', sex: 'F',
  issued: '1130701',
};

export function cardPayload(card: TestCard): Buffer {
  const name = Buffer.alloc(20);
  encode(card.name, 'big5').copy(name);
  const text = (value: string): Buffer => Buffer.from(value, 'latin1');
  return Buffer.concat([
    text(card.cardNumber), name, text(card.idNumber), text(card.birth), text(card.sex), text(card.issued),
  ]);
}

const hash = (...parts: readonly (string | Buffer)[]): Buffer => {
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest();
};

export interface Signing {
  readonly origin: string;
  readonly nonce: string;
  readonly payload: Buffer;
  readonly status?: string | null;
  readonly format?: string;
}

/** Does what a card agent does, from the description of the format and not from our verifier. */
export class TestAgent {
  private readonly privateKey: KeyObject;
  readonly jwk: { readonly kty: 'EC'; readonly crv: 'P-256'; readonly x: string; readonly y: string };
  readonly keyId: string;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.privateKey = pair.privateKey;
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' });
    this.jwk = { kty: 'EC', crv: 'P-256', x, y };
    this.keyId = hash(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).toString('base64url');
  }

  attest({ origin, nonce, payload, status = null, format = 'nhi-card-attestation:1.0' }: Signing) {
    const signed = Buffer.concat([
      hash(format), hash(origin), hash(nonce), hash(payload, status ?? ''),
    ]);
    const signature = sign('sha256', signed, { key: this.privateKey, dsaEncoding: 'ieee-p1363' });
    return {
      attestation: {
        format, cardPayload: payload.toString('base64'), cardStatus: status, agentKeyId: this.keyId,
        algorithm: 'ES256', signature: signature.toString('base64'),
        appVersion: 'https://agent.example/releases/1.0.0',
      },
      agentKey: this.jwk,
    };
  }
}
