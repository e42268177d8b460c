import iconv from 'iconv-lite';
import { problemSchema } from '../../src/infrastructure/http/problem-responses.js';
import type { Caller, Service } from './support/service.js';
import { startService } from './support/service.js';
import type { World } from './support/world.js';
import { caughtUp, populate } from './support/world.js';

let service: Service;
let world: World;
let operator: Caller;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
  operator = service.as(world.people.operator);
});
afterAll(async () => { await service.close(); });

const batches = '/api/v1/payment-batches';
const payment = (seq: number, accountNumber = '111') =>
  `P,A9,示範機關,02-0000-0000,115,V1,${seq},115/03/02,R1,0040037,${accountNumber},100,已匯款,測試`;
const file = (batchId: string, ...lines: readonly string[]): string => {
  const count = lines.filter((line) => line.startsWith('P,')).length;
  const header = `H,1,${batchId},2026-03-02T10:00:00+08:00`;
  return [header, ...lines, `T,${count},0,${count * 100}`, ''].join('\r\n');
};

interface Delivered {
  readonly deliveryId: string;
  readonly phase: string;
  readonly errorCount: number;
  readonly errors: readonly object[];
}
interface Placed { readonly position: string }
interface Page { readonly batches: readonly { readonly batchId: string }[]; readonly next: string }

describe('a delivered batch', () => {
  it('is recorded and answered with what was done', async () => {
    const response = await operator.csv(batches, file('B-1', payment(1), payment(2)));
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe(`${batches}/B-1`);
    expect(response.json()).toEqual({
      batchId: 'B-1', status: 'completed', alreadyRecorded: false, issuedAt: '2026-03-02T02:00:00.000Z',
      totals: { payments: 2, invoices: 0, amount: 200 }, statusChanges: 0,
      recorded: { payments: 2, statusChanges: 0, alreadyKnown: 0 }, position: expect.stringMatching(/^\d+$/),
    });
  });

  it('is in its payee\'s reconciliation', async () => {
    await caughtUp(service);
    const response = await service.as(world.people.payee).get('/api/v1/reconciliations?agencyName=示範');
    expect(response.json()).toMatchObject({ totals: { payments: 2, amount: 200, rows: 2 } });
  });

  it('that comes again adds nothing and says so', async () => {
    const head = await service.parts.log.head();
    const response = await operator.csv(batches, file('B-1', payment(1), payment(2)));
    expect([response.statusCode, response.json()])
      .toMatchObject([200, { batchId: 'B-1', alreadyRecorded: true, recorded: { payments: 2 } }]);
    expect(await service.parts.log.head()).toBe(head);
  });

  it('in Big5 is the same payments', async () => {
    const big5 = iconv.encode(file('B-2', payment(1), payment(3)), 'big5');
    const response = await operator.csv(batches, big5, { 'content-type': 'text/csv; charset=big5' });
    expect(response.json()).toMatchObject({ recorded: { payments: 1, alreadyKnown: 1 } });
  });

  it('with errors is refused as a whole, with line, code and words for each', async () => {
    const wrong = [payment(4), payment(4), payment(5, 'x'), 'Z,1'];
    const response = await operator.csv(batches, file('B-3', ...wrong));
    expect(response.statusCode).toBe(422);
    expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(response.json()).toMatchObject({
      code: 'batch/refused', batchId: 'B-3', errorCount: 3, errors: [
        { line: 3, code: 'batch/duplicate-payment', title: '檔案內支付重複 / A payment stands twice in the file' },
        { line: 4, code: 'payment/invalid-account-number', field: 'accountNumber' },
        { line: 5, code: 'batch/unknown-record' },
      ],
    });
    expect(problemSchema.strict().safeParse(response.json()).error).toBeUndefined();
  });

  it('that nobody waits for tells where to ask', async () => {
    const headers = { prefer: 'respond-async, wait=0' };
    const response = await operator.csv(batches, file('B-4', payment(6)), headers);
    expect(response.statusCode).toBe(202);
    const location = String(response.headers.location);
    let delivery = await operator.get(location);
    while (delivery.json<{ phase: string }>().phase !== 'finished') delivery = await operator.get(location);
    expect(delivery.json())
      .toMatchObject({ batchId: 'B-4', linesRecorded: 1, outcome: 'completed', errorCount: 0, errors: [] });
  });

  it('whose header cannot be read tells its errors where its delivery is asked for', async () => {
    const response = await operator.csv(batches, 'H,2,B-7\r\n', { prefer: 'wait=0' });
    const location = String(response.headers.location);
    expect(location).toBe(`${batches}/deliveries/${response.json<Delivered>().deliveryId}`);
    let delivery = await operator.get(location);
    while (delivery.json<Delivered>().phase !== 'finished') delivery = await operator.get(location);
    const { errorCount, errors, ...rest } = delivery.json<Delivered>();
    expect(rest).toMatchObject({ batchId: null, outcome: 'refused' });
    expect(errorCount).toBeGreaterThan(0);
    expect(errors).toHaveLength(errorCount);
    expect(errors[0]).toMatchObject({ line: 1, code: expect.any(String), title: expect.any(String) });
  });
});

describe('the list of batches', () => {
  it('shows verdicts and results, the latest first', async () => {
    const head = await caughtUp(service);
    const auditor = service.as(world.people.auditor);
    const page = async (query: string) => (await auditor.get(`${batches}?${query}`)).json<Page>();
    const first = await page(`limit=1&wait-for=${head}`);
    expect(first.batches).toMatchObject([{ batchId: 'B-4', status: 'completed', recorded: { payments: 1 } }]);
    const rest = await page(`cursor=${first.next}`);
    expect(rest.batches.map(({ batchId }) => batchId)).toEqual(['B-3', 'B-2', 'B-1']);
  });

  it('tells of a batch the position that its delivery answered', async () => {
    const told = await operator.get(`${batches}/B-1`);
    const delivered = await operator.csv(batches, file('B-1', payment(1), payment(2)));
    expect(told.json<Placed>().position).toBe(delivered.json<Placed>().position);
  });

  it('tells of one batch its errors and its progress', async () => {
    expect((await operator.get(`${batches}/B-3`)).json()).toMatchObject({
      batchId: 'B-3', status: 'refused', errorCount: 3, recorded: null,
      errors: [{ line: 3 }, { line: 4 }, { line: 5 }], progress: { phase: 'finished', linesChecked: 6 },
    });
    expect((await operator.get(`${batches}/B-9`)).json())
      .toMatchObject({ status: 404, code: 'batch/unknown' });
  });

  it('tells of a batch whose table has not caught up what the work on it knows', async () => {
    await service.stopProjectors();
    await operator.csv(batches, file('B-5', payment(7)));
    expect((await operator.get(`${batches}/B-5`)).json()).toMatchObject({
      batchId: 'B-5', status: 'completed', totals: { payments: 1 }, recorded: { payments: 1 },
    });
    await operator.csv(batches, file('B-6', 'Z'));
    expect((await operator.get(`${batches}/B-6`)).json())
      .toMatchObject({ batchId: 'B-6', status: 'refused', errorCount: 1, errors: [{ line: 2 }] });
  });
});
