import { execFileSync } from 'node:child_process';
import { X509Certificate, createHash, verify } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoCertificateCards } from '../src/certificates/demo-certificate-cards.js';
import { Pkcs11CertificateCards } from '../src/certificates/pkcs11-certificate-cards.js';
import { contentFor } from '../src/certificates/signed-message.js';
import { readSigningCertificate } from '../src/certificates/signing-certificate.js';
import { built, describeWithTokens, softHsm } from './support/reader-stack.js';
import type { RunningAgent } from './support/running-agent.js';
import { ask, nonce, portal, post, startAgent } from './support/running-agent.js';
import { opened } from './support/signed-message.js';

const data = join(__dirname, 'data', 'certificate-card.json');
const card = JSON.parse(readFileSync(data, 'utf8')) as { signing: string; encryption: string };
const signing = Buffer.from(card.signing, 'base64');
const id = createHash('sha256').update(signing).digest('hex');
const pin = '246810';

const hash = (content: string | Uint8Array) => createHash('sha256').update(content).digest();

describe('a certificate', () => {
  it('is one to sign with when it is for signatures, and none when it is for encryption', () => {
    expect(readSigningCertificate(signing)).toMatchObject({ id, subject: expect.stringContaining('測試人') });
    expect(readSigningCertificate(Buffer.from(card.encryption, 'base64'))).toBeNull();
    expect(readSigningCertificate(Buffer.from('no certificate'))).toBeNull();
  });
});

describe('without a module', () => {
  it('certificate cards are refused with a code, and nothing else is', async () => {
    const agent = await startAgent();
    const { status, json } = await agent.ask(post('/certificate-signature', { nonce }, portal));
    expect([status, json]).toMatchObject([501, { error: { code: 'module-missing', retriable: false } }]);
    await agent.close();
  });
});

describe('the certificate card of a demo’s file', () => {
  const curves = join(__dirname, 'data', 'curve-cards.json');
  const made = JSON.parse(readFileSync(curves, 'utf8')) as { certificate: string; privateKey: string }[];
  const folder = mkdtempSync(join(tmpdir(), 'card-agent-demo-'));
  const cards = new DemoCertificateCards(join(folder, 'reader.json'));
  const insert = (inserted: object | null) =>
    writeFileSync(join(folder, 'reader.json'), JSON.stringify({ inserted }));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(made)('signs as a card in a reader would, after its PIN', async ({ certificate, privateKey }) => {
    insert({ certificate, privateKey, pin });
    const [only] = await cards.list();
    const content = contentFor(portal, nonce);
    const wrong = cards.sign(only?.id ?? '', '000000', content);
    await expect(wrong).rejects.toMatchObject({ code: 'pin-incorrect' });
    const message = opened(await cards.sign(only?.id ?? '', pin, content));
    expect(message.content).toEqual(content);
    const { publicKey } = new X509Certificate(Buffer.from(certificate, 'base64'));
    expect(verify('sha256', message.signed, publicKey, message.signature)).toBe(true);
  });

  it('is missing where the file has none, or another card', async () => {
    for (const other of [null, { payload: Buffer.alloc(57).toString('base64'), generation: 'direct' }]) {
      insert(other);
      await expect(cards.list()).rejects.toMatchObject({ code: 'certificate-missing' });
    }
  });
});

describeWithTokens('a certificate card', () => {
  let home: string;
  let agent: RunningAgent;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'card-agent-token-'));
    mkdirSync(join(home, 'tokens'));
    writeFileSync(join(home, 'softhsm2.conf'), `directories.tokendir = ${join(home, 'tokens')}\n`);
    process.env['SOFTHSM2_CONF'] = join(home, 'softhsm2.conf');
    const options = { env: process.env, stdio: 'pipe' } as const;
    const words = ['--init-token', '--free', '--label', 'card', '--pin', pin, '--so-pin', '12345678'];
    execFileSync('softhsm2-util', words, options);
    const fill = join(__dirname, 'support', 'fill-token.mjs');
    execFileSync(process.execPath, [fill, softHsm, pin, data], options);
    const certificates = new Pkcs11CertificateCards(softHsm, built('certificates/certificate-process.js'));
    agent = await startAgent({ certificates });
  });
  afterAll(async () => {
    await agent.close();
    delete process.env['SOFTHSM2_CONF'];
    rmSync(home, { recursive: true, force: true });
  });

  const asks = () => ask(agent.port, post('/certificate-signature', { nonce }, portal));
  const answers = async (content: Record<string, unknown>) => {
    const { token } = await agent.pending();
    return (await ask(agent.port, post('/consent/decision', { token, ...content }, agent.own))).json;
  };

  it('signs a message for the site and nonce with the PIN typed on the consent page', async () => {
    const asked = asks();
    expect(await agent.pending()).toMatchObject({
      kind: 'certificate-signature', origin: portal,
      choices: [{ id, subject: expect.stringContaining('測試人') }],
    });
    expect(await answers({ decision: 'allow', certificate: id, pin })).toEqual({ outcome: 'done' });
    const { signature } = (await asked).json as { signature: { format: string; signedMessage: string } };
    expect(signature.format).toBe('certificate-signature:1.0');
    const message = opened(Buffer.from(signature.signedMessage, 'base64'));
    expect(message.content).toEqual(contentFor(portal, nonce));
    const parts = [hash('certificate-signature:1.0'), hash(portal), hash(nonce)];
    expect(message.content).toEqual(Buffer.concat(parts));
    expect(message.certificate).toEqual(signing);
    expect(message.signed.includes(hash(message.content))).toBe(true);
    const { publicKey } = new X509Certificate(signing);
    expect(verify('sha256', message.signed, publicKey, message.signature)).toBe(true);
    expect(agent.log.join()).not.toContain(pin);
  });

  it.each<[string, Record<string, unknown>]>([
    ['without a PIN', { decision: 'allow' }],
    ['with a PIN too short', { decision: 'allow', certificate: id, pin: '123' }],
    ['with a PIN too long', { decision: 'allow', certificate: id, pin: '1'.repeat(65) }],
    ['with a certificate that was not offered', { decision: 'allow', certificate: 'f'.repeat(64), pin }],
  ])('is not asked %s; the question stands', async (_, content) => {
    const asked = asks();
    expect(await answers(content)).toMatchObject({ error: { code: 'input-invalid' } });
    expect(await answers({ decision: 'deny' })).toEqual({ outcome: 'consent-denied' });
    expect((await asked).status).toBe(403);
  });

  it('refuses a wrong PIN, and the person may try again', async () => {
    const wrong = asks();
    const outcome = await answers({ decision: 'allow', certificate: id, pin: '999999' });
    expect(outcome).toEqual({ outcome: 'pin-incorrect' });
    expect((await wrong).json).toMatchObject({ error: { code: 'pin-incorrect', retriable: true } });
    const right = asks();
    await answers({ decision: 'allow', certificate: id, pin });
    expect((await right).status).toBe(200);
  });

  it('signs from the command line with the PIN on standard input', () => {
    const program = join(__dirname, '..', 'bin', 'card-agent.mjs');
    const site = ['--home', home, '--origin', portal, '--for', portal, '--nonce', nonce];
    const options = { env: process.env, input: `${pin}\n`, encoding: 'utf8' } as const;
    const run = (...words: string[]) => JSON.parse(execFileSync(process.execPath, [
      program, ...words, '--json', '--certificate-module', softHsm,
    ], options)) as { certificates: unknown; signature: { signedMessage: string } };
    expect(run('certificates').certificates).toMatchObject([{ id }]);
    const { signature } = run('sign', '--yes', ...site);
    expect(opened(Buffer.from(signature.signedMessage, 'base64')).content).toEqual(contentFor(portal, nonce));
  });

  it('is missing where there is none', async () => {
    process.env['SOFTHSM2_CONF'] = join(home, 'nowhere.conf');
    const { json } = await asks();
    process.env['SOFTHSM2_CONF'] = join(home, 'softhsm2.conf');
    expect(['certificate-missing', 'module-missing']).toContain((json['error'] as { code: string }).code);
    expect(existsSync(join(home, 'softhsm2.conf'))).toBe(true);
  });
});
