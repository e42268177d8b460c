import type { JsonWebKey } from 'node:crypto';
import { X509Certificate, createHash, createPrivateKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CertificateCards } from '../../src/certificates/certificate-cards.js';
import { Pkcs11CertificateCards } from '../../src/certificates/pkcs11-certificate-cards.js';
import { contentFor } from '../../src/certificates/signed-message.js';
import type { Rig } from '../../src/virtual/rig.js';
import { insert, remove } from '../../src/virtual/rig.js';
import type { RunningAgent } from '../support/running-agent.js';
import { nonce, portal, post, startAgent } from '../support/running-agent.js';
import {
  built, closeRig, describeWithPivCards, impatient, openRig, openSc,
} from '../support/reader-stack.js';
import { opened } from '../support/signed-message.js';

interface CurveCard { readonly curve: string; readonly certificate: string; readonly privateKey: string }

const read = <T>(file: string) => JSON.parse(readFileSync(join(__dirname, '..', 'data', file), 'utf8')) as T;
const rsa = read<{ signing: string; privateKeyJwk: JsonWebKey }>('certificate-card.json');
const pin = '246810';
const cards = [
  ...read<CurveCard[]>('curve-cards.json').map((card) => ({ ...card, pin })),
  {
    curve: 'RSA', certificate: rsa.signing, pin,
    privateKey: createPrivateKey({ key: rsa.privateKeyJwk, format: 'jwk' })
      .export({ format: 'der', type: 'pkcs8' }).toString('base64'),
  },
].map((card) => ({ ...card, id: createHash('sha256').update(card.certificate, 'base64').digest('hex') }));

describeWithPivCards('a PIV card under OpenSC in a real pcscd', () => {
  let rig: Rig;
  let port: number;
  let module: CertificateCards;
  let agent: RunningAgent;
  beforeAll(async () => {
    rig = await openRig(impatient);
    port = rig.pcscd.slots[0] ?? 0;
    module = new Pkcs11CertificateCards(openSc, built('certificates/certificate-process.js'));
    agent = await startAgent({ reader: rig.reader, certificates: module });
  });
  afterEach(() => remove(rig, port));
  afterAll(async () => {
    await agent.close();
    await closeRig(rig);
  });

  it.each(cards)('lists its certificate and signs with its key: $curve', async ({ id, ...card }) => {
    await insert(rig, port, card);
    const asked = agent.ask(post('/certificate-signature', { nonce }, portal));
    const pending = await agent.pending();
    expect(pending).toMatchObject({ choices: [{ id }] });
    const decision = { token: pending.token, decision: 'allow', certificate: id, pin };
    const { json } = await agent.ask(post('/consent/decision', decision, agent.own));
    expect(json).toEqual({ outcome: 'done' });
    const { signature } = (await asked).json as { signature: { signedMessage: string } };
    const message = opened(Buffer.from(signature.signedMessage, 'base64'));
    expect(message.content).toEqual(contentFor(portal, nonce));
    const { publicKey } = new X509Certificate(Buffer.from(card.certificate, 'base64'));
    expect(verify('sha256', message.signed, publicKey, message.signature)).toBe(true);
  });

  it('counts wrong PINs and locks itself at the third', async () => {
    const [{ id, certificate, privateKey } = { id: '', certificate: '', privateKey: '' }] = cards;
    await insert(rig, port, { certificate, privateKey, pin });
    const content = contentFor(portal, nonce);
    const tried = async (word: string) => {
      try {
        return (await module.sign(id, word, content)).length > 0;
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect([await tried('111111'), await tried('222222')]).toEqual(['pin-incorrect', 'pin-incorrect']);
    expect(['pin-incorrect', 'pin-locked']).toContain(await tried('333333'));
    expect(await tried(pin)).toBe('pin-locked');
  });

  it('is no 健保卡, and a 健保卡 is no certificate card', async () => {
    const [{ certificate, privateKey } = { certificate: '', privateKey: '' }] = cards;
    await insert(rig, port, { certificate, privateKey, pin });
    const asked = agent.attest();
    expect((await agent.consent()).json).toEqual({ outcome: 'not-nhi-card' });
    expect((await asked).json).toMatchObject({ error: { code: 'not-nhi-card' } });
    await remove(rig, port);
    await insert(rig, port, 0);
    await expect(module.list()).rejects.toMatchObject({ code: 'certificate-missing' });
  });
});
