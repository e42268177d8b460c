import { verifyAttestation } from '../../src/infrastructure/identity/card-attestation.js';
import type { Signing } from './support/virtual-card.js';
import { TestAgent, cardPayload, ming } from './support/virtual-card.js';

const agent = new TestAgent();
const other = new TestAgent();
const expected = { origin: 'https://nss.example', nonce: Buffer.alloc(32, 7).toString('base64') };
const payload = cardPayload(ming);
const attest = (change: Partial<Signing> = {}) => agent.attest({ ...expected, payload, ...change });
const verified = ({ attestation, agentKey }: ReturnType<typeof attest>) =>
  verifyAttestation(attestation, agentKey, expected);
const changed = (change: object, agentKey: object = {}) => {
  const sent = attest();
  return verified({
    attestation: { ...sent.attestation, ...change }, agentKey: { ...sent.agentKey, ...agentKey },
  });
};
const reads = {
  cardNumber: '000000000001', idNumber: 'A123456789', name: '陳小明', isNameComplete: true,
  birthDate: '1990-01-01', sex: 'M', issuedOn: '2019-05-31',
};

describe('an attestation', () => {
  it('tells what the card says and which agent read it', () =>
    expect(verified(attest())).toEqual({
      ...reads, agent: { keyId: agent.keyId, x: agent.jwk.x, y: agent.jwk.y },
    }));

  it.each([
    ['https://nss.example.evil'], ['https://nss.example/'], ['http://nss.example'],
    ['https://nss.example:8443'],
  ])('signed for %s is refused', (origin) =>
    expect(verified(attest({ origin }))).toBe('attestation/wrong-signature'));

  it('signed for another nonce is refused', () =>
    expect(verified(attest({ nonce: Buffer.alloc(32, 8).toString('base64') })))
      .toBe('attestation/wrong-signature'));

  it('hashes the text of the nonce, not the bytes it spells', () => {
    const nonce = expected.nonce.replace('=', '');
    expect(verified(attest({ nonce }))).toBe('attestation/wrong-signature');
  });

  it('whose card was changed afterwards is refused', () => {
    const another = Buffer.from(payload);
    another.write('000000000002', 'latin1');
    expect(changed({ cardPayload: another.toString('base64') })).toBe('attestation/wrong-signature');
    expect(changed({ cardStatus: '1' })).toBe('attestation/wrong-signature');
  });

  it('covers the card\'s mark of cancellation', () => {
    expect(verified(attest({ status: '1' }))).toMatchObject(reads);
    expect(verified(attest({ status: '2' }))).toBe('card/cancelled');
  });

  it('of another format or algorithm is refused', () => {
    expect(changed({ format: 'nhi-card-attestation:2.0' })).toBe('attestation/unknown-format');
    expect(changed({ algorithm: 'none' })).toBe('attestation/unknown-algorithm');
  });

  it('signed over another format is refused', () => {
    const { attestation, agentKey } = attest({ format: 'web-eid:1' });
    const renamed = { ...attestation, format: 'nhi-card-attestation:1.0' };
    expect(verified({ attestation: renamed, agentKey })).toBe('attestation/wrong-signature');
  });

  it('by another key under the first one\'s name is refused', () => {
    expect(changed({}, other.jwk)).toBe('attestation/key-mismatch');
    expect(changed({ agentKeyId: other.keyId }, other.jwk)).toBe('attestation/wrong-signature');
  });

  it('with a key that is no point of P-256 is refused', () => {
    const off = Buffer.from(agent.jwk.y, 'base64url').map((byte, i) => (i === 31 ? byte ^ 1 : byte));
    for (const jwk of [
      { y: Buffer.from(off).toString('base64url') }, { x: `${agent.jwk.x}=` }, { x: '' }, { crv: 'P-384' },
      { kty: 'RSA' }, { x: Buffer.alloc(33).toString('base64url') },
    ]) expect(changed({}, jwk)).toBe('attestation/invalid-key');
  });

  it('takes one spelling of base64 only', () => {
    const { attestation } = attest();
    for (const field of ['cardPayload', 'signature'] as const) {
      const text = attestation[field];
      const spellings = [`${text}\n`, ` ${text}`, text.replaceAll('=', ''), `${text}=`, `*${text}`];
      for (const spelling of spellings.filter((each) => each !== text)) {
        expect(changed({ [field]: spelling })).toBe('attestation/invalid-base64');
      }
    }
  });

  it('with any one character of the signature changed is refused', () => {
    const { attestation, agentKey } = attest();
    const { signature } = attestation;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_';
    let tried = 0;
    for (let i = 0; i < signature.length; i++) {
      const letter = alphabet[(alphabet.indexOf(signature[i] ?? '') + 1 + i) % alphabet.length] ?? '';
      if (letter === signature[i]) continue;
      tried++;
      const changedSignature = signature.slice(0, i) + letter + signature.slice(i + 1);
      expect(verified({ attestation: { ...attestation, signature: changedSignature }, agentKey }))
        .toMatch(/^attestation\/(invalid-base64|wrong-signature)$/);
    }
    expect(tried).toBeGreaterThan(80);
  });

  it('does not look into a card that nobody signed', () => {
    const empty = changed({ cardPayload: '' });
    expect(empty).toBe('attestation/wrong-signature');
    expect(verified(attest({ payload: Buffer.alloc(0) }))).toBe('card/wrong-length');
  });

  it('with a signature in DER is refused', () =>
    expect(changed({ signature: Buffer.alloc(70, 1).toString('base64') }))
      .toBe('attestation/wrong-signature'));
});
