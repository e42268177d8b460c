import fc from 'fast-check';
import { verifyCertificate } from '../../../src/infrastructure/identity/certificates/verify-certificate.js';
import { readCertificate } from '../../../src/infrastructure/identity/certificates/certificate.js';
import {
  readRevocationList,
} from '../../../src/infrastructure/identity/certificates/revocation-list.js';
import { companyCard, expectation, lists, message, personCard, pinned } from './test-pki.js';

const expected = expectation();
const messages = [
  message(companyCard()), message(personCard(), { hasAttributes: false }),
  message(companyCard(), { certificates: [companyCard().certificate, ...pinned] }),
].map((bytes) => Buffer.from(bytes));

/** Same seed, same changes: a failure stays one. */
const runs = { seed: 20_261_121, numRuns: 4_000 };

interface Change { readonly at: number; readonly byte: number }
const changed = (bytes: Buffer, { at, byte }: Change): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at % copy.length] = byte;
  return copy;
};
const change = fc.record({ at: fc.nat(), byte: fc.nat(255) });
const any = fc.constantFrom(...messages);

describe('a message that was tampered with', () => {
  it('verifies untouched', () => {
    for (const bytes of messages) expect(verifyCertificate(bytes, expected)).toHaveProperty('subject');
  });

  it('never verifies with any single bit of it changed', () => {
    for (const bytes of messages.slice(0, 1)) {
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const at = bit >> 3;
        const tampered = changed(bytes, { at, byte: (bytes[at] as number) ^ (1 << (bit & 7)) });
        const answer = verifyCertificate(tampered, expected);
        if (typeof answer !== 'string') throw new Error(`bit ${bit} is of no account`);
      }
    }
  });

  it('never verifies and never throws with bytes changed', () => {
    fc.assert(fc.property(any, fc.array(change, { minLength: 1, maxLength: 4 }), (bytes, changes) => {
      const tampered = changes.reduce(changed, bytes);
      if (tampered.equals(bytes)) return;
      expect(typeof verifyCertificate(tampered, expected)).toBe('string');
    }), runs);
  });

  it('never verifies and never throws with a piece cut out, doubled or put in', () => {
    const piece = fc.record({ from: fc.nat(), length: fc.nat(64), put: fc.uint8Array({ maxLength: 64 }) });
    fc.assert(fc.property(any, piece, (bytes, { from, length, put }) => {
      const at = from % bytes.length;
      const tampered = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + length)]);
      if (tampered.equals(bytes)) return;
      expect(typeof verifyCertificate(tampered, expected)).toBe('string');
    }), runs);
  });
});

describe('bytes of any kind', () => {
  it('are refused and never throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      expect(typeof verifyCertificate(bytes, expected)).toBe('string');
    }), runs);
  });

  it('never make the readers of certificates and lists throw', () => {
    const read = fc.constantFrom(...[...pinned, ...lists].map((bytes) => Buffer.from(bytes)));
    fc.assert(fc.property(read, fc.array(change, { maxLength: 4 }), (bytes, changes) => {
      const tampered = changes.reduce(changed, bytes);
      readCertificate(tampered);
      readRevocationList(tampered);
    }), runs);
  });
});
