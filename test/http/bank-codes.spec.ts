import iconv from 'iconv-lite';
import { bankCodeText } from '../../src/infrastructure/http/bank-codes/bank-code-text.js';
import { problemSchema } from '../../src/infrastructure/http/problem-responses.js';
import type { Caller, Service } from './support/service.js';
import { principal, startService } from './support/service.js';
import { bankList } from './support/world.js';

let service: Service;
let operator: Caller;
let anybody: Caller;
beforeAll(async () => {
  service = await startService();
  operator = service.as(principal('operator'));
  anybody = service.as(null);
});
afterAll(async () => { await service.close(); });

const lists = '/api/v1/bank-code-lists';
const find = async (query: string) => {
  const response = await anybody.get(`/api/v1/bank-codes?${query}`);
  return response.json<{ bankCodes: { code: string; name: string; state: string }[]; next: string | null }>();
};
const codes = async (query: string) => (await find(query)).bankCodes.map(({ code }) => code);

describe('a list of bank codes', () => {
  it('is told to add, rename, close and reopen, and deletes nothing', async () => {
    const first = await operator.csv(`${lists}?effectiveDate=113/01/01`, bankList);
    expect([first.statusCode, first.json()])
      .toMatchObject([200, { added: 3, renamed: 0, closed: 0, reopened: 0, warnings: [] }]);
    const changed = bankList.replace('004,0059,臺灣銀行,公庫部,臺北市\r\n', '').replace('營業部', '營業處');
    const suspected = (await operator.csv(`${lists}?effectiveDate=2024-02-01`, changed)).json<object>();
    expect(problemSchema.strict().safeParse(suspected).error).toBeUndefined();
    expect(suspected)
      .toMatchObject({ status: 409, code: 'bank-codes/suspected-truncation', confirmClosures: 1 });
    const second = await operator.csv(`${lists}?effectiveDate=2024-02-01&confirmClosures=1`, changed);
    expect(second.json()).toMatchObject({ added: 0, renamed: 1, closed: 1, reopened: 0 });
    const third = await operator.csv(`${lists}?effectiveDate=2024-03-01`, bankList);
    expect(third.json()).toMatchObject({ added: 0, renamed: 1, closed: 0, reopened: 1 });
    const { position } = third.json<{ position: string }>();
    await service.parts.readStore.waitFor('bank_directory', position, 5_000);
  });

  it('in Big5 says the same', async () => {
    const big5 = iconv.encode(bankList, 'big5');
    const headers = { 'content-type': 'text/csv; charset=Big5' };
    expect((await operator.csv(`${lists}?effectiveDate=2024-03-01`, big5, headers)).json())
      .toMatchObject({ added: 0, renamed: 0, closed: 0, reopened: 0 });
  });

  it('that was cut off changes nothing and says where', async () => {
    const head = await service.parts.log.head();
    const response = await operator.csv(lists, bankList.slice(0, -3));
    expect(response.json()).toMatchObject({
      status: 422, code: 'bank-codes/truncated', errors: [{ line: 6, code: 'bank-codes/truncated' }],
    });
    expect(await service.parts.log.head()).toBe(head);
  });
});

describe('NSS901R', () => {
  it.each([
    ['', ['0040037', '0040059', '7000021']],
    ['code=004', ['0040037', '0040059']],
    ['code=7000021', ['7000021']],
    ['name=公庫', ['0040059']],
    ['from=113/02/01', ['0040037', '0040059']],
    ['to=2024-01-31', ['7000021']],
    ['state=停用', []],
    ['code=004&name=營業', ['0040037']],
  ])('answers %j', async (query, found) => expect(await codes(query)).toEqual(found));

  it('goes on from page to page', async () => {
    const { next } = await find('limit=2');
    expect(await codes(`limit=2&cursor=${next}`)).toEqual(['7000021']);
  });

  it('answers "not modified" to whoever has the present answer', async () => {
    const first = await anybody.get('/api/v1/bank-codes');
    const tag = String(first.headers.etag);
    const again = await anybody.get('/api/v1/bank-codes', { 'if-none-match': `W/${tag}` });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    expect((await anybody.get('/api/v1/bank-codes', { 'if-none-match': '"other"' })).statusCode).toBe(200);
  });
});

describe('the download', () => {
  it('is 68 bytes of Big5, a star and CRLF per code, named by the day', async () => {
    const { rawPayload, headers } = await anybody.get('/api/v1/bank-codes/download');
    expect(rawPayload.length).toBe(3 * 70);
    expect(iconv.decode(rawPayload, 'cp950').split('\r\n')[0]).toBe(`0040037臺灣銀行營業部${' '.repeat(46)}*`);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="BANK_1\d{6}\.txt"$/);
    expect(headers['content-type']).toBe('text/plain; charset=big5');
  });

  it('has the same columns in UTF-8', async () => {
    const { body } = await anybody.get('/api/v1/bank-codes/download?encoding=utf-8');
    expect(body.split('\r\n')[1]).toBe(`0040059臺灣銀行公庫部${' '.repeat(46)}*`);
  });

  it('cuts a name that would shift the columns behind it', () => {
    const text = bankCodeText([{ code: '0040037', name: `x${'名'.repeat(40)}` }], 'utf-8').toString();
    expect(text.split('\r\n')[0]).toBe(`0040037x${'名'.repeat(29)} *`);
  });
});

describe('a check digit that does not fit', () => {
  it('is a warning about the list and refuses nothing', async () => {
    const list = `${bankList}004,0038,臺灣銀行,試辦處,臺北市\r\n`;
    expect((await operator.csv(`${lists}?effectiveDate=2024-04-01`, list)).json()).toMatchObject({
      added: 1, warnings: [{ line: 7, code: 'bank-codes/check-digit', bankCode: '0040038' }],
    });
  });
});
