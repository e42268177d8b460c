import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VirtualNhiCard } from '../../card-agent/src/virtual/card-content.js';
import { demoCardFile, openDemoAuthority } from '../../src/infrastructure/demo/demo-authority.js';
import { demoNhiCard } from '../../src/infrastructure/demo/demo-cards.js';
import type { DemoApplicant } from '../../src/infrastructure/demo/demo-people.js';
import { demoPeople } from '../../src/infrastructure/demo/demo-people.js';
import { derOf } from '../../src/infrastructure/identity/certificates/pem.js';
import { demoHouseholdNumber } from '../../src/infrastructure/identity/household-registries.js';
import type { Service } from '../http/support/service.js';
import { startService } from '../http/support/service.js';
import type { MailServer } from '../identity/support/mail-server.js';
import { startMailServer, ticketIn } from '../identity/support/mail-server.js';
import type { Answer, CardUse } from './support/card-desk.js';
import { CardDesk, canHoldCards } from './support/card-desk.js';

const people = demoPeople(1);
const [chen, lin] = people.filter(({ applicant }) => applicant?.kind === 'person');
const company = people.find(({ applicant }) => applicant?.kind === 'company')?.applicant as DemoApplicant;
const nhiCardOf = (person = chen) => demoNhiCard(person as NonNullable<typeof chen>) as VirtualNhiCard;
const ming = chen?.applicant as DemoApplicant;
const password = 'correct horse battery';
const email = 'ming@nss.example';

/** A browser at the portal: one cookie, one address. */
class Page {
  private cookie = '';
  constructor(private readonly site: string, private readonly desk: CardDesk) {}

  async send(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer> {
    const response = await fetch(`${this.site}/api/v1/${path}`, {
      method, body: body === undefined ? null : JSON.stringify(body),
      headers: {
        origin: this.site, 'x-treasury-request': '1', cookie: this.cookie,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    this.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.cookie;
    return { status: response.status, json: await response.json() as Record<string, unknown> };
  }

  /** What the agent answers to this browser's next challenge. */
  async asks(kind: CardUse): Promise<Answer> {
    const { json: { nonce } } = await this.send('POST', 'challenges');
    return this.desk.asked(kind, String(nonce));
  }

  async shows(path: string, body: object): Promise<Answer> {
    const { json: card } = await this.asks('nhi-card');
    return this.send('POST', path, { card, ...body });
  }

  async signs(body: object = {}): Promise<Answer> {
    const { json } = await this.asks('certificate-signature');
    return this.send('POST', 'sign-ins/certificate', { ...json, ...body });
  }
}

if (!canHoldCards) {
  process.stderr.write('!! 未執行：以卡片登入，缺少 NOT RUN: signing in with cards; missing '
    + 'pcscd, vsmartcard-vpcd, softhsm2, opensc, pcsclite, pkcs11js\n');
}
// eslint-disable-next-line no-restricted-syntax
const describeWithCards = canHoldCards ? describe : describe.skip;

describeWithCards('the service, the card agent, pcscd and its virtual reader', () => {
  let service: Service;
  let mails: MailServer;
  let desk: CardDesk;
  let site: string;
  let directory: string;
  const page = () => new Page(site, desk);

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'card-sign-in-'));
    const trust = openDemoAuthority(directory, [ming, company].map(({ kind, idNumber, name }) =>
      ({ file: name, kind, idNumber, name })), Date.now());
    mails = await startMailServer();
    service = await startService(undefined, {
      publicOrigin: null, smtpUrl: mails.url, mailFrom: 'office@nss.example', demo: true, trust,
    });
    await service.server.app.listen(0, '127.0.0.1');
    site = `http://127.0.0.1:${(service.server.app.getHttpServer().address() as AddressInfo).port}`;
    desk = await CardDesk.open(site);
  });
  afterEach(async () => {
    await desk.remove();
    desk.removeTokens();
  });
  afterAll(async () => {
    await desk.close();
    await service.close();
    await mails.close();
    rmSync(directory, { recursive: true });
  });

  function insertToken({ name }: DemoApplicant): void {
    const [certificate] = derOf(readFileSync(demoCardFile(directory, name)), 'CERTIFICATE') ?? [];
    const key = createPrivateKey(readFileSync(join(directory, 'cards', `${name}.key`)));
    const [keyFile, certificateFile] = [join(directory, 'key.der'), join(directory, 'certificate.der')];
    writeFileSync(keyFile, key.export({ format: 'der', type: 'pkcs8' }));
    writeFileSync(certificateFile, certificate as Uint8Array);
    desk.insertToken('card', keyFile, certificateFile);
  }

  it('register a 健保卡 by mail and the same card again, and sign in with it and the password', async () => {
    await desk.insert(nhiCardOf());
    const application = {
      householdNumber: demoHouseholdNumber(ming.idNumber), address: '示範市測試區示範里1鄰', password, email,
      mobile: '0912345678', noticeVersion: '1',
    };
    expect(await page().shows('registrations', application)).toMatchObject({ status: 201 });
    const ticket = ticketIn(await mails.next(email));
    expect(await page().shows('sign-ins', { password })).toMatchObject({ json: { code: 'sign-in/failed' } });
    await desk.remove();
    await desk.insert(nhiCardOf(lin));
    expect(await page().shows('registrations/confirmations', { ticket }))
      .toMatchObject({ json: { code: 'registration/wrong-card' } });
    await desk.remove();
    await desk.insert(nhiCardOf());
    expect(await page().shows('registrations/confirmations', { ticket })).toMatchObject({ status: 201 });
    const browser = page();
    const { status, json: { position } } = await browser.shows('sign-ins', { password });
    expect(status).toBe(200);
    const { json } = await browser.send('GET', `applicant?wait-for=${String(position)}`);
    expect(json).toMatchObject({ name: ming.name, kind: 'person' });
  });

  it('let nobody in when the card is changed on the way', async () => {
    for (const atCommand of [2, 4]) {
      await desk.insert(nhiCardOf(), { atCommand, event: 'swap', swapTo: nhiCardOf(lin) });
      const { status, json } = await page().asks('nhi-card');
      expect(status).toBe(409);
      expect(JSON.stringify(json)).not.toContain('attestation');
      await desk.remove();
    }
    await desk.insert(nhiCardOf(lin));
    expect(await page().shows('sign-ins', { password })).toMatchObject({ json: { code: 'sign-in/failed' } });
  });

  it('let nobody in with what the agent attested for another browser, or twice', async () => {
    await desk.insert(nhiCardOf());
    const [browser, thief] = [page(), page()];
    const { json: card } = await browser.asks('nhi-card');
    await thief.send('POST', 'challenges');
    expect(await thief.send('POST', 'sign-ins', { card, password }))
      .toMatchObject({ json: { code: 'attestation/wrong-signature' } });
    expect(await browser.send('POST', 'sign-ins', { card, password })).toMatchObject({ status: 200 });
    expect((await browser.send('POST', 'sign-ins', { card, password })).status).toBe(422);
  });

  it('sign a company in with its 工商憑證', async () => {
    insertToken(company);
    const browser = page();
    const { status, json: { position } } = await browser.signs();
    expect(status).toBe(200);
    expect(await browser.send('GET', `applicant?wait-for=${String(position)}`))
      .toMatchObject({ json: { kind: 'company', idNumber: company.idNumber, name: company.name } });
  });

  it('sign a person in with a 自然人憑證 and the own number, and with no other', async () => {
    insertToken(ming);
    expect(await page().signs({ idNumber: ming.idNumber })).toMatchObject({ status: 200 });
    expect(await page().signs({ idNumber: lin?.applicant?.idNumber }))
      .toMatchObject({ status: 401, json: { code: 'sign-in/certificate-refused' } });
  });

  it('have a certificate sign for no site that the agent was not told of', async () => {
    insertToken(company);
    const { json: { nonce } } = await page().send('POST', 'challenges');
    expect(await desk.asked('certificate-signature', String(nonce), 'https://evil.example'))
      .toMatchObject({ status: 403, json: { error: { code: 'origin-not-allowed' } } });
  });
});
