import { randomUUID } from 'node:crypto';
import { handle } from '../../../src/application/handle.js';
import { addToStaffList, removeFromStaffList } from '../../../src/application/identity/staff-changes.js';
import { applicantStream } from '../../../src/application/stream-names.js';
import { applicantDecider } from '../../../src/domain/applicants/applicant.js';
import type { StaffRole } from '../../../src/domain/identity/staff-list.events.js';
import type { Service } from '../../http/support/service.js';
import { signatureFormat } from '../../../src/infrastructure/identity/certificates/signature-content.js';
import { Browser, told } from '../support/browser.js';
import { show, startTrustingService } from './certificate-service.js';
import type { Card } from './test-pki.js';
import {
  certificateOf, companyCard, idNumber, now, personCard, sameEnding, ubn,
} from './test-pki.js';

const numbers = sameEnding as readonly [string, string, string, string, string, string, string, string];
let service: Service;
let clock = now;

beforeAll(async () => { service = await startTrustingService(() => clock); });
afterAll(() => service.close());
beforeEach(() => { clock = now; });

const meta = () => ({
  commandId: randomUUID(), fingerprint: 'f', by: randomUUID(), at: new Date(clock).toISOString(),
});

/** Somebody we know by another sign-in, with another number for each test that shares its last four. */
async function known(number: string, name = '測試王小明'): Promise<void> {
  const { identity, log } = service.parts;
  const { applicantId } = await identity.people.obtain(number);
  const outcome = await handle(log, applicantDecider, applicantStream(applicantId), {
    command: {
      type: 'RegisterApplicant', applicantId, kind: 'person', idNumber: number, name, at: meta().at,
    },
    meta: meta(),
  });
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
}
async function listed(card: Card, number: string, roles: readonly StaffRole[]): Promise<string> {
  const { issuer, serialNumber } = certificateOf(card.certificate);
  const memberId = randomUUID();
  const certificate = { issuer: Buffer.from(issuer).toString('base64'), serialNumber };
  const member = { memberId, certificate, idNumber: number, name: '測試王小明', roles };
  const adder = { through: 'operator' as const, by: 'chen', isOwn: async () => false };
  const outcome = await addToStaffList(service.parts.identity.stores, member, adder, meta());
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return memberId;
}
const refused = [401, 'sign-in/certificate-refused'];

describe('a company', () => {
  it('signs in with its 工商憑證 as the applicant of its 統一編號, however many cards it has', async () => {
    const browser = new Browser(service);
    const response = await show(browser, companyCard());
    expect(told(response)).toEqual([200, undefined]);
    const { position } = response.json<{ position: string }>();
    const applicant = (await browser.get(`applicant?wait-for=${position}`)).json();
    expect(applicant).toMatchObject({ kind: 'company', idNumber: ubn, name: '測試股份有限公司' });
    const second = new Browser(service);
    await show(second, companyCard({ serialNumber: '0b' }));
    const session = (await second.get('session')).json<{ roles: string[]; applicantId: string }>();
    expect(session).toMatchObject({ roles: ['payee'], applicantId: applicant.applicantId });
  });

  it('has no registration of a 健保卡', async () => {
    const browser = new Browser(service);
    await show(browser, companyCard());
    expect(told(await browser.get('registration'))).toEqual([403, 'session/required']);
  });

  it('sees its sign-ins, and shows its card once more', async () => {
    const browser = new Browser(service);
    await show(browser, companyCard());
    const path = 'session/re-authentication/certificate';
    const { cookie } = browser;
    expect(told(await show(browser, companyCard(), { path }))).toEqual([200, undefined]);
    expect(browser.cookie).not.toBe(cookie);
    await known(numbers[0]);
    const other = await show(browser, personCard(), { path, idNumber: numbers[0] });
    expect(told(other)).toEqual(refused);
    const head = await service.parts.log.head();
    expect((await browser.get(`sign-ins?wait-for=${head}`)).json()).toMatchObject({
      signIns: expect.arrayContaining([expect.objectContaining({
        method: 'certificate', agentId: null, result: 'accepted', purpose: 'sign-in',
      })]),
    });
  });
});

describe('a person', () => {
  it('signs in with a 自然人憑證 when known by the same number and name', async () => {
    await known(idNumber);
    const browser = new Browser(service);
    expect(told(await show(browser, personCard(), { idNumber }))).toEqual([200, undefined]);
    expect((await browser.get('session')).json()).toMatchObject({ roles: ['payee'] });
  });

  it('hears the same no, whatever of number, name, certificate or signature does not fit', async () => {
    await known(numbers[1], '測試林小美');
    const browser = new Browser(service);
    const answers = [
      await show(browser, personCard(), { idNumber: numbers[2] }),
      await show(browser, personCard(), { idNumber: numbers[1] }),
      await show(browser, personCard(), { idNumber: `${numbers[1].slice(0, -1)}0` }),
      await show(browser, personCard()),
      await show(browser, personCard(), { idNumber, signed: { nonce: 'another nonce' } }),
      await show(browser, personCard({ notAfter: now - 1000 }), { idNumber }),
      await browser.send('POST', 'challenges')
        .then(() => browser.send('POST', 'sign-ins/certificate', {
          signature: { format: signatureFormat, signedMessage: '*' }, idNumber,
        })),
    ];
    const bodies = answers.map((answer) => {
      const { detail: _detail, ...body } = answer.json<Record<string, unknown>>();
      return body;
    });
    expect(answers.map(told)).toEqual(answers.map(() => refused));
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
  });

  it('is told of somebody else’s certificate that was shown for the own number', async () => {
    await known(numbers[3], '測試林小美');
    await show(new Browser(service), personCard(), { idNumber: numbers[3] });
    await listed(personCard({ serialNumber: '0e' }), numbers[3], ['auditor']);
    const browser = new Browser(service);
    await show(browser, personCard({ serialNumber: '0e' }), { idNumber: numbers[3] });
    const head = await service.parts.log.head();
    const { signIns } = (await browser.get(`sign-ins?wait-for=${head}`)).json<{ signIns: object[] }>();
    expect(signIns).toMatchObject([
      { method: 'certificate', result: 'accepted' }, { method: 'certificate', result: 'refused' },
    ]);
  });
});

describe('a member of the staff', () => {
  const card = personCard({ serialNumber: '5a' });
  const number = numbers[4];

  it('has the roles of the list, until removed: with the next request', async () => {
    const memberId = await listed(card, number, ['reviewer']);
    const browser = new Browser(service);
    expect(told(await show(browser, card, { idNumber: number }))).toEqual([200, undefined]);
    expect((await browser.get('session')).json()).toMatchObject({ roles: ['reviewer'] });
    expect((await browser.get('reviews')).statusCode).toBe(200);
    expect((await browser.get('accounts')).statusCode).toBe(403);
    await removeFromStaffList(service.parts.identity.stores, memberId, meta());
    expect(told(await browser.get('reviews'))).toEqual([403, 'http/forbidden']);
    expect(told(await show(browser, card, { idNumber: number }))).toEqual(refused);
  });

  it('is a payee too, under the same ids, when known as one', async () => {
    await known(numbers[5]);
    const both = personCard({ serialNumber: '5b' });
    const payee = new Browser(service);
    await show(payee, both, { idNumber: numbers[5] });
    const before = (await payee.get('session')).json<{ applicantId: string }>();
    await listed(both, numbers[5], ['operator', 'auditor']);
    const browser = new Browser(service);
    await show(browser, both, { idNumber: numbers[5] });
    expect((await browser.get('session')).json())
      .toMatchObject({ roles: ['payee', 'operator', 'auditor'], applicantId: before.applicantId });
  });

  it('signs in with the listed certificate and the listed number only', async () => {
    const own = personCard({ serialNumber: '5c' });
    await listed(own, numbers[6], ['operator']);
    for (const [shown, typed] of [
      [personCard({ serialNumber: '5d' }), numbers[6]], [own, numbers[7]],
    ] as const) {
      expect(told(await show(new Browser(service), shown, { idNumber: typed }))).toEqual(refused);
    }
  });
});

describe('a list that has run out', () => {
  it('is the service’s fault, and says so', async () => {
    clock = now + 2 * 86_400_000;
    expect(told(await show(new Browser(service), companyCard())))
      .toEqual([503, 'sign-in/revocation-unknown']);
    expect(service.logged()).toContain('revocation-list/stale');
  });
});

describe('what is logged and stored', () => {
  it('names nobody', async () => {
    const secrets = [idNumber, ubn, '測試王小明', '測試股份有限公司', 'c0ffee0123456789'];
    for (const secret of secrets) expect(service.logged()).not.toContain(secret);
    const { rows } = await service.parts.pool.query<{ text: string }>(
      'SELECT payload::text || metadata::text AS text FROM log.events');
    for (const secret of secrets) expect(rows.some(({ text }) => text.includes(secret))).toBe(false);
  });
});
