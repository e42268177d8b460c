import { randomUUID } from 'node:crypto';
import { batch, payment } from '../batches/batch-texts.js';
import type { Service } from './support/service.js';
import { startService } from './support/service.js';
import type { World } from './support/world.js';
import { caughtUp, populate } from './support/world.js';

interface Line {
  readonly msg: string;
  readonly correlationId?: string;
}

let service: Service;
let world: World;
beforeAll(async () => {
  service = await startService();
  world = await populate(service);
});
afterAll(async () => { await service.close(); });

const lines = (): Line[] => service.logged().split('\n').filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Line);
const under = (correlationId: string): string[] =>
  lines().filter((line) => line.correlationId === correlationId).map(({ msg }) => msg);

describe('the correlation id of a request', () => {
  it('stands on every line about it, and on those of the worker that records its file', async () => {
    const correlationId = randomUUID();
    const headers = { 'x-correlation-id': correlationId };
    const file = batch('correlated', [payment('V1')]);
    const answer = await service.as(world.people.operator).csv('/api/v1/payment-batches', file, headers);
    expect([answer.statusCode, answer.headers['x-correlation-id']]).toEqual([201, correlationId]);
    expect(under(correlationId).sort()).toEqual(['command', 'payment batch', 'request']);
  });

  it('is told with what failed, and in the facts that came of it', async () => {
    const correlationId = randomUUID();
    const body = { phone: '02-2222-3333' };
    const headers = { 'x-correlation-id': correlationId };
    await service.as(world.people.payee).send('PUT', '/api/v1/applicant/contact', body, headers);
    const { rows } = await service.parts.pool.query<{ metadata: string }>(
      'SELECT metadata FROM log.events ORDER BY position DESC LIMIT 1');
    expect(JSON.parse(rows[0]?.metadata ?? '')).toMatchObject({ correlationId });
    expect(under(correlationId).sort()).toEqual(['command', 'request']);
  });

  it('is on every line that tells of a request', async () => {
    await caughtUp(service);
    const about = lines().filter(({ msg }) => ['request', 'command', 'payment batch'].includes(msg));
    expect(about.length).toBeGreaterThan(10);
    expect(about.filter(({ correlationId }) => correlationId === undefined)).toEqual([]);
  });
});
