import type { Response } from 'light-my-request';
import type { Caller, Service } from './support/service.js';
import { limits, startService } from './support/service.js';
import type { World } from './support/world.js';
import { caughtUp, paid, populate } from './support/world.js';

let service: Service;
let world: World;
let payee: Caller;
let operator: Caller;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  payee = service.as(world.people.payee);
  operator = service.as(world.people.operator);
});
afterAll(async () => { await service.close(); });

const application = { bankCode: '0040037', accountNumber: '777', accountName: '甲' };
const refused = (response: Response) => {
  const { status, code } = response.json<{ status: number; code: string }>();
  return { type: response.headers['content-type'], answered: response.statusCode, status, code };
};
const problem = (status: number, code: string) =>
  ({ type: 'application/problem+json; charset=utf-8', answered: status, status, code });

describe('every refusal is problem+json with a stable code', () => {
  it('for an address that does not exist', async () =>
    expect(refused(await payee.get('/api/v1/nothing'))).toEqual(problem(404, 'http/no-such-route')));

  it('for an address that cannot be one', async () =>
    expect(refused(await payee.get('/api/v1/%zz'))).toEqual(problem(400, 'http/malformed')));

  it('for a method the address does not have, naming those it has', async () => {
    const response = await payee.send('PUT', '/api/v1/accounts', {});
    expect(refused(response)).toEqual(problem(405, 'http/method-not-allowed'));
    expect(response.headers.allow).toBe('GET, HEAD, POST');
  });

  it('for JSON that is none', async () => {
    const response = await service.send({
      method: 'POST', url: '/api/v1/accounts', payload: '{"bankCode":', headers: {
        ...service.bearer(world.people.payee), 'content-type': 'application/json',
      },
    });
    expect(refused(response)).toEqual(problem(400, 'http/malformed'));
  });

  it('for JSON that would change what objects are', async () => {
    const response = await service.send({
      method: 'POST', url: '/api/v1/accounts', payload: '{"__proto__":{"x":1}}', headers: {
        ...service.bearer(world.people.payee), 'content-type': 'application/json',
      },
    });
    expect(refused(response)).toEqual(problem(400, 'http/malformed'));
  });

  it('for a body larger than any command', async () => {
    const accountName = '名'.repeat(limits.jsonBytes / 3);
    const response = await payee.send('POST', '/api/v1/accounts', { ...application, accountName });
    expect(refused(response)).toEqual(problem(413, 'http/body-too-large'));
  });

  it('for a file larger than any list of bank codes', async () => {
    const response = await operator.csv('/api/v1/bank-code-lists', 'x'.repeat(limits.listBytes + 1));
    expect(refused(response)).toEqual(problem(413, 'http/body-too-large'));
  });

  it('for a batch larger than any batch', async () => {
    const response = await operator.csv('/api/v1/payment-batches', 'x'.repeat(limits.csvBytes + 1));
    expect(refused(response)).toEqual(problem(413, 'http/body-too-large'));
  });

  it.each([
    ['JSON where a file is wanted', '/api/v1/payment-batches', 'application/json', 415],
    ['a form where a file is wanted', '/api/v1/payment-batches', 'application/x-www-form-urlencoded', 415],
  ])('for %s', async (_, url, type, status) => {
    const response = await operator.csv(url, '{}', { 'content-type': type });
    expect(refused(response)).toEqual(problem(status, 'http/unsupported-media-type'));
  });

  it.each(['text/csv', 'text/plain', 'application/xml'])('for %s where JSON is wanted', async (type) => {
    const response = await payee.csv('/api/v1/accounts', '{}', { 'content-type': type });
    expect(refused(response)).toEqual(problem(415, 'http/unsupported-media-type'));
  });

  it('for a charset nobody here reads', async () => {
    const headers = { 'content-type': 'text/csv; charset=gb2312' };
    const response = await operator.csv('/api/v1/payment-batches', 'x', headers);
    expect(refused(response)).toEqual(problem(415, 'http/unsupported-charset'));
  });

  it('before the body is looked at, when nobody is signed in', async () => {
    const headers = { 'content-type': 'text/odd' };
    const response = await service.as(null).csv('/api/v1/accounts', 'x'.repeat(100_000), headers);
    expect(refused(response)).toEqual(problem(401, 'http/unauthenticated'));
    expect(response.headers['www-authenticate']).toBe('Bearer');
  });
});

describe('input is refused with the path and the rule, never the value', () => {
  const errors = (response: Response) => {
    expect(refused(response)).toEqual(problem(400, 'http/invalid-input'));
    const { errors: found } = response.json<{ errors: { path: string; code: string }[] }>();
    return found.map(({ path, code }) => `${path} ${code}`);
  };

  it('names every wrong field of a body', async () => {
    const body = { bankCode: '004', accountNumber: '12-34', extra: 1 };
    const response = await payee.send('POST', '/api/v1/accounts', body);
    expect(errors(response)).toEqual([
      'bankCode bank-code', 'accountNumber invalid_format', 'accountName invalid_type', ' unrecognized_keys',
    ]);
    expect(response.body).not.toContain('12-34');
  });

  it.each([
    ['from=2026-02-30', 'from date'], ['from=99/01/01', 'from date'], ['amountMin=-1', 'amountMin yuan'],
    ['amountMax=12.5', 'amountMax yuan'], ['amountMax=9007199254740992', 'amountMax yuan'],
    ['status=已付', 'status.0 invalid_value'], ['sort=amount', 'sort invalid_value'],
    ['limit=0', 'limit invalid_format'], ['limit=501', 'limit too_big'],
    ['account=1', 'account.0 invalid_format'], ['amount=5', ' unrecognized_keys'],
    ['from=2026-03-02&to=2026-03-01', 'to range'], ['amountMin=2&amountMax=1', 'amountMax range'],
    ['agencyName=', 'agencyName too_small'], ['invoiceNumber=ab1', 'invoiceNumber invalid_format'],
    ['from=2026-03-01&from=2026-03-02', 'from invalid_type'],
  ])('refuses the filter %s', async (filter, error) =>
    expect(errors(await payee.get(`/api/v1/reconciliations?${filter}`))).toEqual([error]));

  const unshowable: [string, unknown, string][] = [
    ['a control character', 'a\u0000b', 'unprintable-text'],
    ['half a character', '\ud842', 'unprintable-text'],
    ['a turned direction', '甲\u202e乙', 'unprintable-text'], ['nothing to be seen', '\u200b', 'blank'],
  ];
  it.each(unshowable)('refuses a name or an explanation with %s', async (_, text, code) => {
    const body = { ...application, accountName: text };
    expect(errors(await payee.send('POST', '/api/v1/accounts', body))).toEqual([`accountName ${code}`]);
    const url = `/api/v1/reviews/${world.reviewersOwn[0]}/rejection`;
    const rejection = { reason: '戶名與帳號不符', explanation: text };
    expect(errors(await service.as(world.people.reviewer).send('POST', url, rejection)))
      .toEqual([`explanation ${code}`]);
  });

  it.each([['phone', '\u0000', 'unprintable-text'], ['email', 'not-mail', 'email'], ['email', 'a@b', 'email'],
    ['address', '台北\u2067市', 'unprintable-text']])('refuses the contact %s %j', async (field, text, code) =>
    expect(errors(await payee.send('PUT', '/api/v1/applicant/contact', { [field]: text })))
      .toEqual([`${field} ${code}`]));

  it.each(['/reconciliations?agencyName=', '/bank-codes?name='])(
    'refuses what no name has: %s', async (url) => {
    expect(errors(await payee.get(`/api/v1${url}%00`))[0]).toMatch(/ame unprintable-text$/);
    expect(errors(await payee.get(`/api/v1${url}%E2%80%8B`))[0]).toMatch(/ame blank$/);
  });

  it.each(['/reconciliations', '/bank-codes', '/payment-batches', '/reviews'])(
    'never fails over a NUL, wherever it stands: %s', async (url) => {
      const roles = ['payee', 'operator', 'reviewer', 'auditor'] as const;
      const everybody = service.as({ ...world.people.payee, roles });
      const names = ['agencyName', 'name', 'cursor', 'code', 'from', 'status', 'state', 'account'];
      for (const name of [...names, 'invoiceNumber', 'wait-for', 'limit', 'sort']) {
        expect((await everybody.get(`/api/v1${url}?${name}=%00`)).statusCode).toBe(400);
      }
    });

  it.each(['x', '-1', '01', '9'.repeat(19), '1&wait-for=2'])('waits for no position %s', async (position) => {
    const response = await payee.get(`/api/v1/accounts?wait-for=${position}`);
    expect(errors(response)).toEqual(['wait-for unknown-position']);
  });

  it('says what is expected in 中文 and in English, and no pattern', async () => {
    const said = async (query: string): Promise<string> => {
      const { errors: [first] } = (await payee.get(`/api/v1/reconciliations?${query}`))
        .json<{ errors: { message: string }[] }>();
      return first?.message ?? '';
    };
    expect(await said('limit=0')).toBe('應為 1 至 500 的整數 / must be a whole number, 1 to 500');
    expect(await said('limit=501')).toBe('至多 500 / must be at most 500');
    expect(await said('agencyName=')).toBe('至少 1 個字元 / must have at least 1 characters');
    expect(await said('account=1')).toBe('應為 UUID / must be a UUID');
    expect(await said('sort=x')).toBe('應為下列之一 / must be one of: account-date, date-account');
    expect(await said('status=x'))
      .toBe('應為下列之一 / must be one of: 待匯款, 已匯款, 退匯, 重匯, 改簽支票, 註銷');
    const body = await payee.send('POST', '/api/v1/accounts', { bankCode: 1, accountNumber: 'x', more: 1 });
    const { errors: found } = body.json<{ errors: { message: string }[] }>();
    expect(found.map(({ message }) => message)).toEqual([
      '應為一項文字 / must be one text', '應為 1 至 14 位數字 / must be 1 to 14 digits', '必填 / is required',
      '有不認得的欄位 / there are fields that nobody knows',
    ]);
  });

  it('refuses an id that is none', async () =>
    expect(errors(await payee.send('DELETE', '/api/v1/accounts/1'))).toEqual(['accountId invalid_format']));
});

describe('a cursor', () => {
  const page = (query: string, cursor?: string) =>
    payee.get(`/api/v1/reconciliations?limit=2${query}${cursor === undefined ? '' : `&cursor=${cursor}`}`);
  const nextOf = (response: Response) => response.json<{ next: string | null }>().next ?? '';
  const seqsOf = (response: Response) =>
    response.json<{ rows: { seq: string }[] }>().rows.map(({ seq }) => seq);

  beforeAll(async () => {
    for (const seq of ['3', '4', '5']) await paid(service, seq);
    await caughtUp(service);
  });

  it('leads through all rows, once each', async () => {
    const first = await page('');
    const second = await page('', nextOf(first));
    expect([...seqsOf(first), ...seqsOf(second)]).toEqual(['1', '3', '4', '5']);
    expect(second.json()).toMatchObject({ totals: null, subtotals: null, next: null });
  });

  it('is refused with another filter, order or account', async () => {
    const cursor = nextOf(await page(''));
    for (const other of ['&amountMin=1', '&sort=date-account', '&from=2026-01-01']) {
      expect(refused(await page(other, cursor))).toEqual(problem(400, 'reconciliation/cursor-mismatch'));
    }
  });

  it('is refused when a character of it was changed', async () => {
    const cursor = nextOf(await page(''));
    for (const changed of [`A${cursor.slice(1)}`, `${cursor}A`, 'nonsense']) {
      expect(refused(await page('', changed))).toEqual(problem(400, 'reconciliation/cursor-mismatch'));
    }
  });

  it('carries no account number into an address', async () => {
    const cursor = nextOf(await page(''));
    expect(Buffer.from(cursor, 'base64url').toString()).not.toMatch(/0037|0111/);
  });

  it('of other lists is refused when it is not one of ours', async () => {
    const reviewer = service.as(world.people.reviewer);
    const invalid = problem(400, 'http/invalid-cursor');
    expect(refused(await reviewer.get('/api/v1/reviews?cursor=x'))).toEqual(invalid);
    expect(refused(await operator.get('/api/v1/payment-batches?cursor=x'))).toEqual(invalid);
    expect(refused(await payee.get('/api/v1/bank-codes?cursor=x'))).toEqual(invalid);
  });
});
