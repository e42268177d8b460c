import { pemOf } from '../../../src/infrastructure/identity/certificates/pem.js';
import type { Service } from '../../http/support/service.js';
import { principal, startService } from '../../http/support/service.js';
import type { Card } from './test-pki.js';
import { companyCard, personCard, sameEnding } from './test-pki.js';

const [first, second, third, own] = sameEnding as readonly [string, string, string, string];
const operator = principal('operator');
let service: Service;
beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });

const add = (card: Card, idNumber: string, headers: Readonly<Record<string, string>> = {}, who = operator) =>
  service.as(who).send('POST', '/api/v1/staff', {
    certificate: pemOf(card.certificate, 'CERTIFICATE'), idNumber, roles: ['auditor', 'reviewer'],
  }, headers);
const list = async () =>
  (await service.as(operator).get('/api/v1/staff')).json<{ members: { memberId: string }[] }>().members;
const codeOf = (response: { json(): unknown }) => (response.json() as { code?: string }).code;

describe('the staff list over HTTP', () => {
  it('takes somebody on and off, and shows neither certificate nor ID number', async () => {
    const response = await add(personCard(), first);
    expect(response.statusCode).toBe(201);
    const { memberId } = response.json<{ memberId: string }>();
    expect(await list()).toEqual([{
      memberId, name: '測試王小明', roles: ['reviewer', 'auditor'], addedBy: operator.id,
      addedAt: expect.any(String),
    }]);
    const removal = () => service.as(operator).send('DELETE', `/api/v1/staff/${memberId}`);
    expect((await removal()).statusCode).toBe(200);
    expect((await removal()).statusCode).toBe(200);
    expect(await list()).toEqual([]);
  });

  it('does the same request once', async () => {
    const headers = { 'idempotency-key': 'once' };
    const card = personCard();
    const [one, again] = [await add(card, second, headers), await add(card, second, headers)];
    expect(again.json()).toEqual(one.json());
    expect(await list()).toHaveLength(1);
    expect(codeOf(await add(personCard(), third))).toBe('staff/already-listed');
  });

  it('refuses an operator their own number', async () => {
    const { personId } = await service.parts.identity.people.obtain(own);
    const who = { ...operator, id: personId };
    expect(codeOf(await add(personCard({ serialNumber: '61' }), own, {}, who))).toBe('staff/same-person');
  });

  it('refuses a certificate that is nobody’s, a company’s, or another number’s', async () => {
    expect(codeOf(await add(companyCard(), third))).toBe('staff/certificate-mismatch');
    expect(codeOf(await add(personCard(), 'A123456780'))).toBe('staff/certificate-mismatch');
    expect(codeOf(await add({ ...personCard(), certificate: Buffer.from('x') }, third)))
      .toBe('staff/certificate-mismatch');
  });

  it('says that nobody is there under an id that was never given', async () => {
    const nobody = '6f1c7a52-3f0e-4d1b-9a55-2f6f0c1f8d11';
    const response = await service.as(operator).send('DELETE', `/api/v1/staff/${nobody}`);
    expect(codeOf(response)).toBe('staff/unknown');
  });
});
