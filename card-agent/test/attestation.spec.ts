import { createHash, createPublicKey, verify } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentKeys, thumbprintOf } from '../src/attestation/agent-keys.js';
import { attest, requireNonce } from '../src/attestation/nhi-card-attestation.js';
import { parseNhiCardData } from '../src/nhi/nhi-card-data.js';
import { appVersion, version } from '../src/release.js';
import { ming } from './support/people.js';

const origin = 'https://portal.example.gov.tw';
const nonce = Buffer.alloc(32, 1).toString('base64');
const card = (status: string | null) =>
  ({ payload: ming.payload, status, data: parseNhiCardData(ming.payload) });
const hash = (content: string | Uint8Array) => createHash('sha256').update(content).digest();

let home: string;
let keys: AgentKeys;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'card-agent-keys-'));
  keys = new AgentKeys(join(home, 'keys'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('an attestation', () => {
  it.each(['1', null])('is signed over format, origin, nonce and card (status %p)', (status) => {
    const key = keys.for(origin);
    const { signature, ...rest } = attest(key, nonce, card(status));
    expect(rest).toEqual({
      format: 'nhi-card-attestation:1.0', cardPayload: ming.payload.toString('base64'), cardStatus: status,
      agentKeyId: key.id, algorithm: 'ES256', appVersion,
    });
    const signed = Buffer.concat([
      hash('nhi-card-attestation:1.0'), hash(origin), hash(nonce),
      hash(Buffer.concat([ming.payload, Buffer.from(status ?? '')])),
    ]);
    const publicKey = createPublicKey({ key: { ...key.publicJwk }, format: 'jwk' });
    const raw = Buffer.from(signature, 'base64');
    expect(raw).toHaveLength(64);
    expect(verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, raw)).toBe(true);
  });

  it('carries neither origin nor nonce', () => {
    const text = JSON.stringify(attest(keys.for(origin), nonce, card('1')));
    expect(text).not.toContain(nonce);
    expect(text).not.toContain(origin);
  });

  it('takes a nonce of exactly 32 bytes in base64', () => {
    expect(requireNonce(nonce)).toBe(nonce);
    const short = Buffer.alloc(31).toString('base64');
    const long = Buffer.alloc(33).toString('base64');
    const url = `${'_'.repeat(43)}=`;
    const spareBits = `${'A'.repeat(42)}B=`;
    const none = ['', 7, null, undefined, [nonce]];
    for (const wrong of [short, long, url, spareBits, `${nonce} `, `${nonce}\n`, ...none]) {
      expect(() => requireNonce(wrong)).toThrow(expect.objectContaining({ code: 'input-invalid' }));
    }
  });
});

describe('the key of the agent', () => {
  it('is one per site, and the same the next time', () => {
    const other = 'https://tax.example.gov.tw';
    expect(keys.for(origin).id).toBe(new AgentKeys(join(home, 'keys')).for(origin).id);
    expect(keys.for(origin).id).not.toBe(keys.for(other).id);
    expect(keys.list().map((key) => key.origin).sort()).toEqual([origin, other]);
  });

  it('has the thumbprint of RFC 7638', () => {
    const { publicJwk: { x, y }, id } = keys.for(origin);
    expect(id).toBe(hash(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).toString('base64url'));
    expect(thumbprintOf({ kty: 'EC', crv: 'P-256', x, y })).toBe(id);
  });

  it('lies in a file that nobody else may read', () => {
    keys.for(origin);
    const folder = join(home, 'keys');
    const [file = '', ...more] = readdirSync(folder);
    expect(more).toEqual([]);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it('is not used once others may read the file, nor when the file is damaged or another site\'s', () => {
    keys.for(origin);
    const folder = join(home, 'keys');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const content = readFileSync(file, 'utf8');
    chmodSync(file, 0o644);
    expect(() => keys.for(origin)).toThrow(expect.objectContaining({ code: 'key-unavailable' }));
    chmodSync(file, 0o600);
    expect(keys.for(origin).origin).toBe(origin);
    writeFileSync(file, content.replace('portal', 'mirror'));
    expect(() => keys.for(origin)).toThrow(expect.objectContaining({ code: 'key-unavailable' }));
    writeFileSync(file, '{');
    expect(() => keys.for(origin)).toThrow(expect.objectContaining({ code: 'key-unavailable' }));
  });

  it('is gone once removed; the next is another', () => {
    const { id } = keys.for(origin);
    expect(keys.remove(origin)).toBe(true);
    expect(keys.remove(origin)).toBe(false);
    expect(keys.for(origin).id).not.toBe(id);
  });
});

it('the release tells the version of the package', () => {
  const file = join(__dirname, '..', 'package.json');
  expect((JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version).toBe(version);
});
