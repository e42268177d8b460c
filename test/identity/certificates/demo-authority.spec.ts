import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import {
  demoCardFile, demoCardNames, openDemoAuthority, signWithDemoCard,
} from '../../../src/infrastructure/demo/demo-authority.js';
import {
  openCertificateVerifier,
} from '../../../src/infrastructure/identity/certificates/certificate-verifier.js';
import {
  signatureFormat,
} from '../../../src/infrastructure/identity/certificates/signature-content.js';
import { idNumber, ubn } from './test-pki.js';

const day = 86_400_000;
const now = Date.parse('2026-11-21T02:00:00.000Z');
const cards = [
  { file: '示範公司', kind: 'company', idNumber: ubn, name: '示範公司' },
  { file: '測試人員', kind: 'person', idNumber, name: '測試人員' },
] as const;
let directory: string;
beforeEach(() => { directory = mkdtempSync(join(tmpdir(), 'demo-cards-')); });
afterEach(() => rmSync(directory, { recursive: true }));

const open = (at: number) => {
  const trust = openDemoAuthority(directory, cards, at);
  return openCertificateVerifier(trust, { now: () => at, logger: pino({ enabled: false }) });
};
const asked = { format: signatureFormat, origin: 'https://nss.example', nonce: 'nonce', idNumber };
const verified = (card: string, at: number) => open(at).verify(
  { ...asked, message: signWithDemoCard(directory, card, asked) });

describe('the demo’s cards', () => {
  it('are believed by the demo that made them', async () => {
    expect(await verified('示範公司', now)).toMatchObject({ subject: { kind: 'company', ubn } });
    expect(await verified('測試人員', now)).toMatchObject({ subject: { kind: 'person', name: '測試人員' } });
    expect([...demoCardNames(directory)].sort()).toEqual(['測試人員', '示範公司'].sort());
  });

  it('stay the same over a start years later, and their lists are made anew', async () => {
    await verified('測試人員', now);
    const before = readFileSync(demoCardFile(directory, '測試人員'), 'utf8');
    expect(await verified('測試人員', now + 1_000 * day)).toMatchObject({ subject: { name: '測試人員' } });
    expect(readFileSync(demoCardFile(directory, '測試人員'), 'utf8')).toBe(before);
  });

  it('are believed by no other demo', async () => {
    open(now);
    const message = signWithDemoCard(directory, '示範公司', asked);
    const other = mkdtempSync(join(tmpdir(), 'demo-cards-'));
    const trust = openDemoAuthority(other, cards, now);
    const verifier = openCertificateVerifier(trust, { now: () => now, logger: pino({ enabled: false }) });
    expect(await verifier.verify({ ...asked, message }))
      .toBe('certificate/unknown-authority');
    rmSync(other, { recursive: true });
  });

  it('have keys that only their owner reads', () => {
    open(now);
    expect(statSync(join(directory, 'cards', '測試人員.key')).mode & 0o077).toBe(0);
  });

  it('are never made in production', () => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production';
    try {
      expect(() => openDemoAuthority(directory, cards, now)).toThrow('production');
    } finally {
      process.env.NODE_ENV = NODE_ENV;
    }
  });
});
