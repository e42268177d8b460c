// A browser with a card agent beside it: it asks for a challenge, lets the agent read the card and sign, and
// keeps its cookie, over one connection as long as that lasts.
import { createHash, generateKeyPairSync, randomInt, sign } from 'node:crypto';
import { Agent, request as httpRequest } from 'node:http';
import { idNumberKind } from '../../dist/domain/identifiers/id-number.js';

export const connections = () => new Agent({ keepAlive: true, maxSockets: 256 });
const format = 'nhi-card-attestation:1.0';
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** The bytes of somebody's 健保卡; the people are made up, their numbers valid by every checksum. */
export function cardOf(number) {
  const start = `A1${String(number).padStart(7, '0')}`;
  const idNumber = [...'0123456789'].map((last) => start + last).find((text) => idNumberKind(text) !== null);
  const name = Buffer.alloc(20);
  Buffer.from([0xb4, 0xfa, 0xb8, 0xd5]).copy(name);
  const text = `${idNumber}0790101M1080531`;
  const bytes = Buffer.concat([Buffer.from(String(100_000_000_000 + number)), name, Buffer.from(text)]);
  return { idNumber, bytes };
}

/** One key for many strangers: making keys would cost the crowd more than asking. */
export function agentKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x, y } = publicKey.export({ format: 'jwk' });
  const keyId = sha256(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).toString('base64url');
  return { privateKey, jwk: { kty: 'EC', crv: 'P-256', x, y }, keyId };
}

export class CardBrowser {
  #cookie = null;

  constructor(port, agent, key = agentKey()) {
    Object.assign(this, { port, agent, key, origin: `http://127.0.0.1:${port}` });
  }

  /** `{ status, body, retryAfter }`; the status is null where nobody answered. */
  send(path, body, method = 'POST') {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      origin: this.origin, 'x-treasury-request': '1', ...(this.#cookie && { cookie: this.#cookie }),
      ...(text && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    };
    return new Promise((resolve) => {
      const whole = `/api/v1/${path}`;
      const options = { host: '127.0.0.1', port: this.port, path: whole, method, agent: this.agent, headers };
      const call = httpRequest(options, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.once('error', () => resolve({ status: null }));
        response.once('end', () => {
          const { statusCode: status, headers: told } = response;
          this.#cookie = told['set-cookie']?.[0].split(';')[0] ?? this.#cookie;
          const answer = Buffer.concat(chunks).toString();
          resolve({ status, body: answer && JSON.parse(answer), retryAfter: Number(told['retry-after']) });
        });
      });
      call.once('error', () => resolve({ status: null }));
      call.end(text);
    });
  }

  /** The answer to the first of the two requests that is refused, else to the second. */
  async show(card, path, body) {
    const challenge = await this.send('challenges?purpose=sign-in');
    if (challenge.status !== 201) return challenge;
    return this.send(path, { card: this.#read(card, challenge.body.nonce), ...body });
  }

  #read({ bytes }, nonce) {
    const { privateKey, jwk, keyId } = this.key;
    const signed = Buffer.concat([sha256(format), sha256(this.origin), sha256(nonce), sha256(bytes, '')]);
    const signature = sign('sha256', signed, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return {
      attestation: {
        format, cardPayload: bytes.toString('base64'), cardStatus: null, agentKeyId: keyId,
        algorithm: 'ES256', signature: signature.toString('base64'), appVersion: 'https://agent.example/releases/1.0.0',
      },
      agentKey: jwk,
    };
  }
}

/** Somebody nobody knows: among a million numbers that no bench registers. */
export const stranger = () => cardOf(1_000_000 + randomInt(1_000_000));
