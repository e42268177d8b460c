import type { Service } from '../../http/support/service.js';
import { Browser, origin, told } from '../support/browser.js';
import { show, signatureOf, startTrustingService } from './certificate-service.js';
import { companyCard, now } from './test-pki.js';

let service: Service;
let clock = now;

beforeAll(async () => { service = await startTrustingService(() => clock); });
afterAll(() => service.close());
beforeEach(() => { clock = now; });

const refused = [401, 'sign-in/certificate-refused'];

describe('a challenge', () => {
  it('is for one attempt, of the browser that asked, within five minutes', async () => {
    const [browser, thief] = [new Browser(service), new Browser(service)];
    const { nonce } = (await browser.send('POST', 'challenges')).json<{ nonce: string }>();
    const body = signatureOf(companyCard(), { origin, nonce });
    await thief.send('POST', 'challenges');
    expect(told(await thief.send('POST', 'sign-ins/certificate', body))).toEqual(refused);
    const { cookie } = browser;
    expect((await browser.send('POST', 'sign-ins/certificate', body)).statusCode).toBe(200);
    browser.cookie = cookie;
    expect(told(await browser.send('POST', 'sign-ins/certificate', body)))
      .toEqual([422, 'attestation/no-challenge']);
    const late = new Browser(service);
    const asked = (await late.send('POST', 'challenges')).json<{ nonce: string }>();
    clock += 5 * 60_000 + 1;
    const inTime = signatureOf(companyCard(), { origin, nonce: asked.nonce });
    expect(told(await late.send('POST', 'sign-ins/certificate', inTime)))
      .toEqual([422, 'attestation/challenge-expired']);
  });

  it('is for this site: what a card signed for another one lets nobody in', async () => {
    for (const [asked, code] of [
      [{ signed: { origin: 'https://evil.example' } }, 'message/wrong-content'],
      [{ signed: { origin: `${origin}.evil.example` } }, 'message/wrong-content'],
      [{ format: 'certificate-signature:2.0' }, 'message/unknown-format'],
    ] as const) {
      const logged = service.logged().length;
      expect(told(await show(new Browser(service), companyCard(), asked))).toEqual(refused);
      expect(service.logged().slice(logged)).toContain(code);
    }
    expect(told(await show(new Browser(service), companyCard()))).toEqual([200, undefined]);
  });

  it('is answered from pages of this site only', async () => {
    const foreign = new Browser(service, undefined, 'https://evil.example');
    const body = signatureOf(companyCard(), { origin, nonce: 'AAAA' });
    expect(told(await foreign.send('POST', 'sign-ins/certificate', body)))
      .toEqual([403, 'http/foreign-origin']);
  });
});
