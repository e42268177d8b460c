import type { Service } from './support/service.js';
import { principal, startService } from './support/service.js';

let service: Service;
beforeAll(async () => { service = await startService(); });
afterAll(async () => { await service.close(); });

const refused = (status: number, code: string) => ({ status, code });

describe('what cannot be read as it was meant is refused, never guessed', () => {
  it('JSON in Big5, which would become a name of nobody', async () => {
    const [before = '', after = ''] =
      JSON.stringify({ bankCode: '0040037', accountNumber: '777', accountName: '|' }).split('|');
    const payload = Buffer.concat([Buffer.from(before), Buffer.from([0xa5, 0xd2]), Buffer.from(after)]);
    const headers = { ...service.bearer(principal('payee')), 'content-type': 'application/json' };
    const response = await service.send({ method: 'POST', url: '/api/v1/accounts', payload, headers });
    expect(response.json()).toMatchObject(refused(400, 'http/not-utf-8'));
  });

  it.each(['/api/v1/payment-batches', '/api/v1/bank-code-lists'])('a compressed file: %s', async (url) => {
    const response = await service.as(principal('operator')).csv(url, 'H', { 'content-encoding': 'gzip' });
    expect(response.json()).toMatchObject(refused(415, 'http/unsupported-encoding'));
  });

  it.each(['%zz', '%', '%B4%FA'])('a filter with an escape that is none: %s', async (text) => {
    const response = await service.as(principal('payee')).get(`/api/v1/reconciliations?agencyName=${text}`);
    expect(response.json()).toMatchObject(refused(400, 'http/malformed'));
  });
});
